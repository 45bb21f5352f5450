import {
  describeIncusError,
  isNotFound,
  type IncusClient,
  type IncusError,
} from '@pikaci/incus-client';
import { ownerKeys } from './instance-spec.js';

/**
 * How long a removal may take, in ms: it takes 0.6 s as a rule. Rarely a stop never ends (a kernel that goes on
 * reporting an emptied control group as frozen, seen on 6.18 about once in 250 stops), and nobody should wait for it.
 */
const removalLimitMs = 60_000;

/** The instance a run may remove: this name, with this run's mark and, once it is known, this very uuid. */
export interface OwnedInstance {
  readonly name: string;
  readonly runId: string;
  /** `volatile.uuid`; null when the creation did not get far enough to read it. */
  readonly uuid: string | null;
}

/**
 * Stops and deletes a job's instance. It is read again right before: one that lacks our mark or is another one of the
 * same name is not touched.
 *
 * @returns null when it is gone, else why it is still there
 */
export async function removeInstance(
  client: IncusClient,
  owned: OwnedInstance,
): Promise<string | null> {
  const read = await client.instances.get(owned.name);
  if (!read.ok) return isNotFound(read.error) ? null : leftover(owned, read.error);
  const isOurs =
    read.value.config[ownerKeys.run] === owned.runId &&
    (owned.uuid === null || read.value.uuid === owned.uuid);
  if (!isOurs) return `Instance ${owned.name} is not this run's any more and was left alone`;
  const removed = await client.instances.remove(owned.name, {
    uuid: read.value.uuid,
    timeoutMs: removalLimitMs,
  });
  return removed.ok ? null : leftover(owned, removed.error);
}

function leftover(owned: OwnedInstance, error: IncusError): string {
  const why = describeIncusError(error);
  return `Instance ${owned.name} could not be removed: ${why}. Remove it with: incus delete --force ${owned.name}`;
}
