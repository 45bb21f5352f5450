import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode, systemFailure } from '@pikaci/host';
import { ok, type Outcome } from '@pikaci/model';
import { askGit, type GitPlace } from '../changes/git-call.js';

/** Whether git looks at the directory in which runs are kept. */
export type StateInGit = 'seen' | 'ignored' | 'no-repository';

/** Asks git whether it ignores `.pikaci` of a directory. Without a repository, or without git, it does not matter. */
export async function stateInGit(place: GitPlace): Promise<StateInGit> {
  // A name below it, since a pattern such as `.pikaci/` does not match a directory that is not there yet.
  const answer = await askGit(place, ['check-ignore', '--quiet', '.pikaci/runs']);
  if (!answer.ok || answer.value.exitCode > 1) return 'no-repository';
  return answer.value.exitCode === 0 ? 'ignored' : 'seen';
}

/** Adds `.pikaci/` to the .gitignore of a directory, on a line of its own. */
export async function ignoreState(directory: string): Promise<Outcome<void>> {
  const file = join(directory, '.gitignore');
  try {
    const before = await textOf(file);
    const isEnded = before === '' || before.endsWith('\n');
    await appendFile(file, `${isEnded ? '' : '\n'}.pikaci/\n`);
    return ok(undefined);
  } catch (error) {
    return systemFailure(`${file} cannot be written`, error, file);
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
