import { join } from 'node:path';
import { acquireLock, type Lock } from '@pikaci/host';
import type { Outcome } from '@pikaci/model';
import type { RunLayout } from '@pikaci/paths';

/** The lock of a run that has ended: who holds it goes on with the run, closes or removes it. Null when a living process has it: there is nothing to wait for. */
export async function tryAdoptionLock({ runDir }: RunLayout): Promise<Outcome<Lock | null>> {
  const held = new AbortController();
  const path = join(runDir, '.adopted');
  const lock = await acquireLock(path, { signal: held.signal, onWait: () => held.abort() });
  if (lock.ok) return lock;
  return lock.error.kind === 'cancelled' ? { ok: true, value: null } : lock;
}
