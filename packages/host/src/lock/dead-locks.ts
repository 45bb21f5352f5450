import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newToken, readLock, stageEntry, unlinkIfThere } from './lock-file.js';
import { currentOwner, isOwnerAlive } from './owner.js';
import { takeOver } from './take-over.js';

/** A lock, or a file of the taking of one, that a dead process has left. */
export interface DeadLock {
  readonly path: string;
  /** The token of a lock; null for any other file. */
  readonly token: string | null;
}

/** An entry is written at once: one that is still unreadable after this time was never finished. */
const longestWriteMs = 3600 * 1000;

/**
 * What processes that are gone have left of locks in a directory.
 *
 * @param prefix of the locks' file names, which have no dot but for one at their beginning
 */
export async function findDeadLocks(dir: string, prefix: string): Promise<readonly DeadLock[]> {
  const dead: DeadLock[] = [];
  for (const name of await readdir(dir).catch(() => [])) {
    const path = join(dir, name);
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : null;
    if (rest === null) {
      const isTemporary = name.startsWith(`.${prefix}`) && name.endsWith('.tmp');
      if (isTemporary && (await isDeadEntry(path))) dead.push({ path, token: null });
    } else if (!rest.includes('.')) {
      const found = await readLock(path);
      if (found === 'none' || found === 'damaged' || (await isOwnerAlive(found.owner))) continue;
      dead.push({ path, token: found.token });
    } else if (await isDeadClaim(path)) {
      dead.push({ path, token: null });
    }
  }
  return dead;
}

/** Removes what a dead process has left. A lock that somebody has taken over in the meantime stays. */
export async function releaseDeadLock({ path, token }: DeadLock): Promise<void> {
  if (token === null) return unlinkIfThere(path);
  const staged = await stageEntry(path, { owner: await currentOwner(), token: newToken() });
  try {
    if (await takeOver(path, token, staged)) await unlinkIfThere(path);
  } finally {
    await unlinkIfThere(staged);
  }
}

/** True for the claim of a dead process on a token that its lock no longer has: it can never have it again. */
async function isDeadClaim(path: string): Promise<boolean> {
  const [lockPath, token] = path.split('.claim-');
  if (lockPath === undefined || token === undefined || !(await isDeadEntry(path))) return false;
  const lock = await readLock(lockPath);
  return lock === 'none' || (lock !== 'damaged' && lock.token !== token);
}

async function isDeadEntry(path: string): Promise<boolean> {
  const found = await readLock(path);
  if (found === 'none') return false;
  if (found !== 'damaged') return !(await isOwnerAlive(found.owner));
  const times = await stat(path).catch(() => null);
  return times !== null && Date.now() - times.mtimeMs > longestWriteMs;
}
