import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ok, type Outcome } from '@pikaci/model';
import { systemFailure } from '../system-error.js';
import { flushDirectory } from './flush-file-system.js';

/**
 * Replaces a file as a whole: a reader sees the old content or the new one, also after a power failure. The data goes
 * to a temporary file in the same directory, which is flushed, renamed, and the directory flushed after that.
 */
export async function writeFileAtomically(
  path: string,
  bytes: Uint8Array | string,
): Promise<Outcome<void>> {
  const temporary = temporaryPath(path);
  try {
    await writeFlushed(temporary, bytes);
    await rename(temporary, path);
    await flushDirectory(dirname(path));
    return ok(undefined);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    return systemFailure(`${path} could not be written`, error, path);
  }
}

/** A name beside `path` that no other writer uses. */
export function temporaryPath(path: string): string {
  const suffix = randomBytes(6).toString('hex');
  return join(dirname(path), `.${basename(path)}.${process.pid}-${suffix}.tmp`);
}

/** Creates a file that must not exist, with its data on the disk when this returns. */
export async function writeFlushed(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
