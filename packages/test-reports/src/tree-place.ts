import { lstat } from 'node:fs/promises';
import { join, posix } from 'node:path';

/** Longer ways are no files of a workspace. */
const mostSteps = 50;

/**
 * A file that a report names, relative to the working tree. Test runners tell it relative to where they were started,
 * which is where the report is or above, or absolute, with the place that the tree had in the job. What the snapshot has
 * decides; a file that it does not have stays as it was told.
 */
export async function treePlace(
  snapshotDir: string,
  reportPath: string,
  told: string,
): Promise<string> {
  for (const candidate of candidates(reportPath, told)) {
    if (await isFile(join(snapshotDir, candidate))) return candidate;
  }
  return told;
}

function candidates(reportPath: string, told: string): readonly string[] {
  const steps = told.replaceAll('\\', '/').split('/');
  if (steps.length > mostSteps || steps.includes('..')) return [];
  if (steps[0] === '') return steps.map((_, index) => steps.slice(index + 1).join('/'));
  const dirs = posix.dirname(reportPath).split('/').slice(0, mostSteps);
  const roots = dirs.map((_, index) => dirs.slice(0, dirs.length - index).join('/'));
  return ['', ...roots].map((root) => posix.join(root, ...steps));
}

function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
