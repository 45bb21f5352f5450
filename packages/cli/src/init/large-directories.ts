import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit, type GitPlace } from '../changes/git-call.js';

/** Directories that tools fill beside the sources: large, and of no use in a snapshot. */
const filledByTools = ['node_modules', '.venv', 'venv', 'target'];

/**
 * Of the directories that tools fill in a directory, those that snapshots of it would have: git does not ignore them, or
 * there is no repository.
 */
export async function largeDirectories(place: GitPlace): Promise<readonly string[]> {
  const taken = await Promise.all(
    filledByTools.map(async (name) => {
      if (!(await isDirectory(join(place.cwd, name)))) return [];
      const answer = await askGit(place, ['check-ignore', '--quiet', name]);
      return answer.ok && answer.value.exitCode === 0 ? [] : [name];
    }),
  );
  return taken.flat();
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** What to do about them, a sentence without a full stop; none when there are none. */
export function largeDirectoryNotes(names: readonly string[], isInGit: boolean): readonly string[] {
  if (names.length === 0) return [];
  const [what, it] = [names.join(' and '), names.length === 1 ? 'it' : 'them'];
  return isInGit
    ? [`each snapshot will have ${what}, since git does not ignore ${it}: add ${it} to .gitignore`]
    : [
        `each snapshot will have ${what}, since there is no git repository: put ${it} into snapshot.exclude of the configuration`,
      ];
}
