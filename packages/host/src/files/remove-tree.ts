import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { ok, type Outcome } from '@pikaci/model';
import { systemErrorCode, systemFailure } from '../system-error.js';
import { childPath, type BytePath } from './byte-path.js';
import { workThrough } from './work-pool.js';

/**
 * Removes a file or a whole tree; that there is none is fine. Links are removed, never followed. Directories that
 * their own owner may not read or write (read-only payload copies, the work directories of overlays) go as well.
 */
export async function removeTree(path: string): Promise<Outcome<void>> {
  try {
    await removeOpenly(path).catch(async (error: unknown) => {
      const code = systemErrorCode(error);
      if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOTEMPTY') throw error;
      await workThrough([Buffer.from(path)], openDirectory);
      await removeOpenly(path);
    });
    return ok(undefined);
  } catch (error) {
    return systemFailure(`${path} could not be removed`, error, path);
  }
}

async function removeOpenly(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/** Gives the owner all rights on a directory and those below it. */
async function openDirectory(path: BytePath, add: (path: BytePath) => void): Promise<void> {
  const found = await lstat(path);
  if (!found.isDirectory()) return;
  if ((found.mode & 0o700) !== 0o700) await chmod(path, 0o700);
  for (const entry of await readdir(path, { withFileTypes: true, encoding: 'buffer' })) {
    if (entry.isDirectory()) add(childPath(path, entry.name));
  }
}
