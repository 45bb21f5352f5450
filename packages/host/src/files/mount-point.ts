import { chmod, lstat, mkdir, rmdir, unlink, writeFile } from 'node:fs/promises';
import { fail, ok, type Outcome } from '@pikaci/model';
import { systemErrorCode, systemFailure } from '../system-error.js';
import { removeTree } from './remove-tree.js';

/** An empty place in a tree at which something is mounted, or into which it is copied. */
export interface MountPoint {
  readonly root: string;
  /** Below the root, with slashes; `.` is the root itself. */
  readonly relativePath: string;
  /** How many of the directories above it were made for it. */
  readonly madeParents: number;
}

/**
 * Makes an empty directory or file in a tree, with the directories above it; what lay in its place is removed, since a
 * mount would hide it. A way through a symbolic link or a file is refused.
 *
 * @param root absolute path of an existing directory
 */
export async function makeMountPoint(
  root: string,
  relativePath: string,
  kind: 'directory' | 'file',
): Promise<Outcome<MountPoint>> {
  if (relativePath === '.') return ok({ root, relativePath, madeParents: 0 });
  const { parents, path } = stepsOf(root, relativePath);
  try {
    let madeParents = 0;
    for (const parent of parents) {
      const found = await typeOf(parent);
      if (found === 'link' || found === 'other') return wayBlocked(relativePath, parent);
      if (found === 'missing') {
        await makeDirectory(parent);
        madeParents += 1;
      }
    }
    const cleared = await removeTree(path);
    if (!cleared.ok) return cleared;
    if (kind === 'directory') await makeDirectory(path);
    else await writeFile(path, '', { flag: 'wx' });
    return ok({ root, relativePath, madeParents });
  } catch (error) {
    return systemFailure(`The mount point ${path} could not be made`, error, path);
  }
}

/**
 * Removes a mount point that is still empty, and the directories made for it that hold nothing else. Whoever had the
 * tree in between may have put anything in their places: that is left, and links are not followed.
 *
 * @param contents true to remove what is in it as well: it was copied there
 */
export async function removeMountPoint(
  { root, relativePath, madeParents }: MountPoint,
  contents = false,
): Promise<Outcome<void>> {
  if (relativePath === '.') return ok(undefined);
  const { parents, path } = stepsOf(root, relativePath);
  try {
    for (const parent of [root, ...parents]) {
      if ((await typeOf(parent)) !== 'directory') return ok(undefined);
    }
    if (contents) {
      const removed = await removeTree(path);
      if (!removed.ok) return removed;
    } else if (!(await removeEmpty(path))) return ok(undefined);
    for (const parent of parents.toReversed().slice(0, madeParents)) {
      if (!(await removeEmpty(parent))) break;
    }
    return ok(undefined);
  } catch (error) {
    return systemFailure(`The mount point ${path} could not be removed`, error, path);
  }
}

function stepsOf(root: string, relativePath: string): { parents: string[]; path: string } {
  const steps = relativePath.split('/');
  const paths = steps.map((_, index) => [root, ...steps.slice(0, index + 1)].join('/'));
  return { parents: paths.slice(0, -1), path: paths.at(-1) ?? root };
}

async function typeOf(path: string): Promise<'directory' | 'link' | 'missing' | 'other'> {
  try {
    const found = await lstat(path);
    if (found.isDirectory()) return 'directory';
    return found.isSymbolicLink() ? 'link' : 'other';
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 'missing';
    throw error;
  }
}

/** Readable for whoever the tree is shown to, whatever the umask. */
async function makeDirectory(path: string): Promise<void> {
  await mkdir(path);
  await chmod(path, 0o755);
}

/** False when there is something in it. That it is gone is as good as removing it. */
async function removeEmpty(path: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    if (found.isDirectory()) await rmdir(path);
    else if (found.isFile() && found.size === 0) await unlink(path);
    else return false;
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return true;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

function wayBlocked(relativePath: string, parent: string): Outcome<never> {
  return fail('config', `Nothing can be mounted at "${relativePath}"`, {
    reason: `${parent} is no directory, but a file or a symbolic link`,
    hint: "Change the mount's workspacePath, or leave that file out of the inputs.",
  });
}
