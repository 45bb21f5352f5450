import { readdir } from 'node:fs/promises';
import { identifierPattern, type Outcome } from '@pikaci/model';
import { runsDirectory } from '@pikaci/paths';
import { attempt, isMissing } from './file-failure.js';

/** Ids of the directories that may hold a run, newest first by name; none when nothing was ever run. */
export function listRunIds(stateRoot: string): Promise<Outcome<readonly string[]>> {
  const directory = runsDirectory(stateRoot);
  const detail = { message: `The runs in ${directory} cannot be listed`, file: directory };
  return attempt(detail, async () => {
    try {
      const entries = await readdir(directory, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isDirectory() && identifierPattern.test(entry.name))
        .map((entry) => entry.name)
        .sort()
        .reverse();
    } catch (thrown) {
      if (isMissing(thrown)) return [];
      throw thrown;
    }
  });
}
