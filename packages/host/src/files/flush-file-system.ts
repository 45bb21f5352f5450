import { open } from 'node:fs/promises';
import { runCommand } from '../command/run-command.js';
import { systemErrorCode } from '../system-error.js';

/** A disk that takes longer is in trouble, and waiting for it would help nobody. */
const longestSeconds = 120;

/**
 * Has everything on the disk that was written to the file system of a path (`syncfs`, by coreutils' `sync -f`): for a
 * tree of many files that takes a fraction of what flushing each of them would. On other systems than Linux, and
 * without the program, it does nothing: what was written is then as durable as the system makes it.
 */
export async function flushFileSystem(path: string): Promise<void> {
  if (process.platform !== 'linux') return;
  await runCommand({ command: ['sync', '-f', path], cwd: '/', timeoutSeconds: longestSeconds });
}

/** Has the names in a directory on the disk, such as that of something that was renamed into it. */
export async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    // Some file systems cannot flush a directory; then the rename is as durable as they make it.
    if (systemErrorCode(error) !== 'EINVAL') throw error;
  } finally {
    await directory.close();
  }
}
