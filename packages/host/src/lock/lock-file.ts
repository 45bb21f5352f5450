import { randomBytes } from 'node:crypto';
import { link, readFile, unlink } from 'node:fs/promises';
import { temporaryPath, writeFlushed } from '../files/write-file-atomically.js';
import { systemErrorCode } from '../system-error.js';
import type { Owner } from './owner.js';

/** What a lock file holds. */
export interface LockEntry {
  readonly owner: Owner;
  /** Differs with every acquisition, also by the same process. */
  readonly token: string;
}

/** What is found at a lock's path. `damaged`: a file that is no lock. */
export type FoundLock = LockEntry | 'none' | 'damaged';

/** A token for one acquisition. */
export function newToken(): string {
  return randomBytes(8).toString('hex');
}

/** Writes an entry to a temporary file beside the lock and returns its path. */
export async function stageEntry(lockPath: string, entry: LockEntry): Promise<string> {
  const path = temporaryPath(lockPath);
  await writeFlushed(path, `${JSON.stringify(entry)}\n`);
  return path;
}

/** Gives a staged entry a second name if that is free. The file appears whole: nobody sees a half-written lock. */
export async function linkIfFree(staged: string, path: string): Promise<boolean> {
  try {
    await link(staged, path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Reads the lock at a path. */
export async function readLock(path: string): Promise<FoundLock> {
  try {
    return parseEntry(await readFile(path, 'utf8'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 'none';
    throw error;
  }
}

/** Removes a file; that it is gone is fine. */
export async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  });
}

function parseEntry(text: string): LockEntry | 'damaged' {
  try {
    const value: unknown = JSON.parse(text);
    return isEntry(value) ? value : 'damaged';
  } catch {
    return 'damaged';
  }
}

function isEntry(value: unknown): value is LockEntry {
  if (typeof value !== 'object' || value === null) return false;
  if (!('token' in value) || typeof value.token !== 'string') return false;
  if (!('owner' in value) || typeof value.owner !== 'object' || value.owner === null) return false;
  const { owner } = value;
  return (
    'pid' in owner &&
    typeof owner.pid === 'number' &&
    'host' in owner &&
    typeof owner.host === 'string' &&
    'bootId' in owner &&
    (owner.bootId === null || typeof owner.bootId === 'string')
  );
}
