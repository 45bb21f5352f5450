import { rename } from 'node:fs/promises';
import { linkIfFree, readLock, unlinkIfThere } from './lock-file.js';
import { isOwnerAlive } from './owner.js';

/**
 * Replaces the lock of a dead owner by a staged one. Only who holds the *claim* on the dead owner's token may replace
 * its lock, and a claim, too, is a file that only one can create. Who dies with a claim is succeeded by the claim on
 * his token, and so on. A claim that comes too late finds another token in the lock and gives up.
 * @returns false when somebody else was faster: look at the lock again.
 */
export async function takeOver(
  lockPath: string,
  deadToken: string,
  staged: string,
): Promise<boolean> {
  const claims = await claim(lockPath, deadToken, staged);
  const own = claims?.at(-1);
  if (claims === null || own === undefined) return false;
  const found = await readLock(lockPath);
  if (found === 'none' || found === 'damaged' || found.token !== deadToken) {
    await unlinkIfThere(own);
    return false;
  }
  await rename(staged, lockPath);
  for (const path of claims) await unlinkIfThere(path);
  return true;
}

/** The claims of those who died before us, and last our own; null when a living process has the claim. */
async function claim(
  lockPath: string,
  deadToken: string,
  staged: string,
): Promise<readonly string[] | null> {
  const claims: string[] = [];
  let token = deadToken;
  for (;;) {
    const path = `${lockPath}.claim-${token}`;
    claims.push(path);
    if (await linkIfFree(staged, path)) return claims;
    const holder = await readLock(path);
    if (holder === 'none' || holder === 'damaged') return null;
    if (await isOwnerAlive(holder.owner)) return null;
    token = holder.token;
  }
}
