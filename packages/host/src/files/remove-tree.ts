import { chmod, lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { ok, type Outcome } from '@pikaci/model';
import { systemErrorCode, systemFailure } from '../system-error.js';
import { childPath, type BytePath } from './byte-path.js';
import { workThrough } from './work-pool.js';

interface RemoveTask {
  readonly path: BytePath;
  readonly isDirectory: boolean;
}

/**
 * Removes a file or a whole tree; that there is none is fine. Links are removed, never followed. Directories that
 * their own owner may not read or write (read-only payload copies, the work directories of overlays) go as well.
 * When it returns, nothing of it goes on: Node's own `rm` still removes things after it has failed.
 */
export async function removeTree(path: string): Promise<Outcome<void>> {
  const root = Buffer.from(path);
  const directories: BytePath[] = [];
  try {
    const found = await unlessMissing(lstat(root));
    if (found === null) return ok(undefined);
    const first = { path: root, isDirectory: found.isDirectory() };
    await workThrough<RemoveTask>([first], (task, add) => removeEntry(task, directories, add));
    // Each directory comes after the one it is in.
    for (const directory of directories.reverse()) await unlessMissing(rmdir(directory));
    return ok(undefined);
  } catch (error) {
    return systemFailure(`${path} could not be removed`, error, path);
  }
}

async function removeEntry(
  task: RemoveTask,
  directories: BytePath[],
  add: (task: RemoveTask) => void,
): Promise<void> {
  if (!task.isDirectory) {
    await unlessMissing(unlink(task.path));
    return;
  }
  directories.push(task.path);
  for (const entry of (await unlessMissing(openDirectory(task.path))) ?? []) {
    add({ path: childPath(task.path, entry.name), isDirectory: entry.isDirectory() });
  }
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
