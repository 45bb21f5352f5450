import { lstat } from 'node:fs/promises';
import { ok, type Outcome, type PreparedPayload } from '@pikaci/model';
import { payloadLockFile } from '@pikaci/paths';
import { findPayload, type PayloadNames } from './find-payload.js';
import { takeLease, type Lease } from './leases.js';

/** A payload that stays in the store until it is released. */
export interface HeldPayload extends Lease {
  readonly payload: PreparedPayload;
}

/**
 * Finds a payload by the key that a run had it by, and keeps it from being collected as garbage.
 * @returns null when it is not in the store any more, or is just being removed
 */
export async function holdPayload(
  stateRoot: string,
  contentKey: string,
  names: PayloadNames,
): Promise<Outcome<HeldPayload | null>> {
  const lease = await takeLease(stateRoot, contentKey);
  // The lease comes before the look for a lock, as for whoever prepares one.
  const isLocked = (await lstat(payloadLockFile(stateRoot, contentKey)).catch(() => null)) !== null;
  const found = isLocked ? null : await findPayload(stateRoot, contentKey, names);
  if (found?.ok === true && found.value.kind === 'whole') {
    return ok({ payload: found.value.payload, release: () => lease.release() });
  }
  await lease.release();
  return found?.ok === false ? found : ok(null);
}
