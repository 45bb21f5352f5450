import { lstat, mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { copyTree, removeTree, systemErrorCode, systemFailure } from '@pikaci/host';
import { fail, ok, type Outcome } from '@pikaci/model';

/**
 * Copies one file of a tree to the same path below the artifacts directory. The job could write there itself, so the
 * way to the target is checked: a link that it left behind is not followed. A file that cannot be copied whole is not there
 * afterwards.
 */
export async function placeArtifact(
  treeDir: string,
  path: string,
  artifactsDir: string,
): Promise<Outcome<void>> {
  try {
    const blocked = await makeDirectories(artifactsDir, path.split('/').slice(0, -1));
    if (blocked !== null) {
      const reason = `${relative(artifactsDir, blocked)} is not a directory`;
      return fail('infrastructure', 'The way to it is blocked', { reason });
    }
  } catch (error) {
    return systemFailure('Its directory could not be made', error);
  }
  const target = join(artifactsDir, path);
  const cleared = await removeTree(target);
  if (!cleared.ok) return cleared;
  const copied = await copyTree(join(treeDir, path), target);
  if (copied.ok) return ok(undefined);
  await removeTree(target);
  return copied;
}

/** Null when all are there now; else the one that is something else. */
async function makeDirectories(root: string, steps: readonly string[]): Promise<string | null> {
  let path = root;
  for (const step of steps) {
    path = join(path, step);
    await mkdir(path).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
    });
    if (!(await lstat(path)).isDirectory()) return path;
  }
  return null;
}
