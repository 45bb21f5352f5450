import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { reachFaultPoint } from '@pikaci/model';

/** The file operations that a durable replacement is made of; tests watch their order and make them fail. */
export interface ReplaceOperations {
  /** Creates a file that must not exist, writes it and waits until it is on the disk. */
  writeAndSync(path: string, contents: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Waits until the directory's entries are on the disk. */
  syncDirectory(path: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** The operations of the machine's own file system. */
export const systemReplaceOperations: ReplaceOperations = {
  writeAndSync: async (path, contents) => {
    const handle = await open(path, 'wx', 0o644);
    try {
      await handle.writeFile(contents);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  rename,
  syncDirectory: async (path) => {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  remove: (path) => rm(path, { force: true }),
};

/**
 * Replaces a file as a whole: readers see the old or the new contents, never a mixture, and after a loss of power one
 * of the two is there. Rejects with the error of the operating system, and leaves no temporary file behind then.
 */
export async function replaceFile(
  path: string,
  contents: string,
  operations: ReplaceOperations = systemReplaceOperations,
): Promise<void> {
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await operations.writeAndSync(temporary, contents);
    await reachFaultPoint('store.record-staged');
    await operations.rename(temporary, path);
  } catch (thrown) {
    await operations.remove(temporary).catch(() => undefined);
    throw thrown;
  }
  await operations.syncDirectory(directory);
  await reachFaultPoint('store.record-written');
}
