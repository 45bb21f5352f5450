import { readLock } from './lock-file.js';
import type { Owner } from './owner.js';

/** Who holds a lock, dead or alive; null when nobody does, or it cannot be told. */
export async function lockOwner(path: string): Promise<Owner | null> {
  const found = await readLock(path).catch(() => 'damaged' as const);
  return found === 'none' || found === 'damaged' ? null : found.owner;
}
