import { acquireLock, createStagingDirectory, removeTree, systemFailure } from '@pikaci/host';
import { ok, type Outcome, type PayloadUser, type RemovedPayloadRecord } from '@pikaci/model';
import { payloadLayout, payloadLockFile, payloadsDirectory } from '@pikaci/paths';
import { lstat, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { payloadUsers } from '../store/leases.js';
import { rememberRemoved } from '../store/removed-payloads.js';
import type { OnRemovalStep } from './removal-steps.js';

/** A payload that is to be removed. */
export interface PayloadRemoval {
  readonly stateRoot: string;
  readonly contentKey: string;
  /** What is remembered of it, but for its inputs; null: nothing, as its record cannot be read. */
  readonly memory: Omit<RemovedPayloadRecord, 'keyInputs'> | null;
  readonly onStep?: OnRemovalStep;
}

/** What came of a removal. */
export type RemovalResult =
  | { readonly kind: 'removed' | 'absent' }
  | { readonly kind: 'in use'; readonly users: readonly PayloadUser[] };

/**
 * Removes a payload from the store unless a live process uses it. Under its lock, so that nobody finds it meanwhile; by
 * a rename, so that nobody ever finds a part of it. An output outside of the store stays as it is.
 */
export async function removePayload(removal: PayloadRemoval): Promise<Outcome<RemovalResult>> {
  const { stateRoot, contentKey } = removal;
  const { dir } = payloadLayout(stateRoot, contentKey);
  const lock = await acquireLock(payloadLockFile(stateRoot, contentKey));
  if (!lock.ok) return lock;
  try {
    await removal.onStep?.('locked');
    const users = (await payloadUsers(stateRoot)).get(contentKey);
    if (users !== undefined) return ok({ kind: 'in use', users });
    if ((await lstat(dir).catch(() => null)) === null) return ok({ kind: 'absent' });
    await removal.onStep?.('checked');
    await removeLocked(removal, dir);
    return ok({ kind: 'removed' });
  } catch (error) {
    return systemFailure(`The payload ${dir} could not be removed`, error, dir);
  } finally {
    await lock.value.release();
  }
}

async function removeLocked(removal: PayloadRemoval, dir: string): Promise<void> {
  const { stateRoot, memory, onStep } = removal;
  if (memory !== null) await rememberRemoved(stateRoot, memory);
  await onStep?.('remembered');
  const bin = await createStagingDirectory(payloadsDirectory(stateRoot));
  try {
    await rename(dir, join(bin, 'payload'));
    await onStep?.('renamed');
  } finally {
    // What cannot be removed is tried again by the next sweep: under its key it is no longer found.
    await removeTree(bin);
  }
  await onStep?.('removed');
}
