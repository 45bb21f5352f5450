import { randomBytes } from 'node:crypto';
import { open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ok, type Outcome } from '@pikaci/model';
import { systemErrorCode, systemFailure } from '../system-error.js';
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

/** The name of such a file, and the process that wrote it. */
const temporaryPattern = /^\..+\.(\d+)-[0-9a-f]{12}\.tmp$/;

/**
 * Removes the temporary files in a directory whose processes are gone, on this machine. Best effort. A living writer
 * elsewhere whose file is taken away says that it could not write.
 */
export async function sweepTemporaryFiles(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const pid = temporaryPattern.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    await unlink(join(directory, name)).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemErrorCode(error) !== 'ESRCH';
  }
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
