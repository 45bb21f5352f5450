import { randomBytes } from 'node:crypto';
import { chmod, lstat, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { ok, type Outcome } from '@pikaci/model';
import { systemErrorCode, systemFailure } from '../system-error.js';
import { childPath, keepPath, keptBytes, type BytePath, type KeptPath } from './byte-path.js';
import { workThrough } from './work-pool.js';

interface RemoveTask {
  readonly path: BytePath;
  readonly isDirectory: boolean;
}

interface Removal {
  readonly root: BytePath;
  /** Each comes after the one it is in. */
  readonly directories: KeptPath[];
}

/**
 * From here on directories are moved up to the root before they are entered: below, paths would soon be longer than the
 * system takes (4,096 bytes on Linux, 1,024 on macOS).
 */
const longPathBytes = 700;

/**
 * Removes a file or a whole tree; that there is none is fine. Links are removed, never followed. Directories that
 * their own owner may not read or write (read-only payload copies, the work directories of overlays) go as well.
 * When it returns, nothing of it goes on: Node's own `rm` still removes things after it has failed.
 */
export async function removeTree(path: string): Promise<Outcome<void>> {
  const root = Buffer.from(path);
  const removal: Removal = { root, directories: [] };
  try {
    const found = await unlessMissing(lstat(root));
    if (found === null) return ok(undefined);
    const first = { path: root, isDirectory: found.isDirectory() };
    await workThrough<RemoveTask>([first], (task, add) => removeEntry(task, removal, add));
    for (const directory of removal.directories.reverse()) {
      await unlessMissing(rmdir(keptBytes(directory)));
    }
    return ok(undefined);
  } catch (error) {
    return systemFailure(`${path} could not be removed`, error, path);
  }
}

async function removeEntry(
  task: RemoveTask,
  removal: Removal,
  add: (task: RemoveTask) => void,
): Promise<void> {
  if (!task.isDirectory) {
    await unlessMissing(unlink(task.path));
    return;
  }
  const path = await unlessMissing(raiseIfLong(task.path, removal));
  if (path === null) return;
  removal.directories.push(keepPath(path));
  for (const entry of (await unlessMissing(openDirectory(path))) ?? []) {
    add({ path: childPath(path, entry.name), isDirectory: entry.isDirectory() });
  }
}

/** Moves a directory whose path is long to a short one at the top of the tree. */
async function raiseIfLong(path: BytePath, removal: Removal): Promise<BytePath> {
  if (path.length - removal.root.length < longPathBytes) return path;
  // A random name: an earlier removal may have been interrupted.
  const name = `.pikaci-removed-${randomBytes(6).toString('hex')}`;
  const raised = childPath(removal.root, Buffer.from(name));
  // Its entry for the directory above changes too.
  await chmod(path, 0o700);
  await rename(path, raised);
  return raised;
}

interface DirectoryEntry {
  readonly name: Buffer;
  isDirectory(): boolean;
}

/** The entries of a directory that its owner can then change. */
async function openDirectory(path: BytePath): Promise<readonly DirectoryEntry[]> {
  const { mode } = await lstat(path);
  if ((mode & 0o700) !== 0o700) await chmod(path, 0o700);
  return readdir(path, { withFileTypes: true, encoding: 'buffer' });
}

/** Null when somebody else was faster. */
async function unlessMissing<T>(action: Promise<T>): Promise<T | null> {
  try {
    return await action;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
