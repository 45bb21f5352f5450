import { systemErrorCode } from '@pikaci/host';
import {
  describeIncusError,
  isNotFound,
  type IncusClient,
  type IncusError,
} from '@pikaci/incus-client';
import { reachFaultPoint } from '@pikaci/model';
import { markKeys } from './marks.js';
import { isBeingMade } from './operations-on.js';

/**
 * How long a removal may take, in ms: it takes 0.6 s as a rule. Rarely a stop never ends (a kernel that goes on
 * reporting an emptied control group as frozen, seen on 6.18 about once in 250 stops), and nobody should wait for it.
 */
const removalLimitMs = 60_000;

/** How long a server that cannot be reached is asked again, and how long an instance may take to appear, in ms. */
const patienceMs = 30_000;
const appearanceMs = 2_000;
const delaysMs = [50, 100, 250, 500, 1000, 2000];

/** The instance a run may remove: this name, with this run's mark and, once it is known, this very uuid. */
export interface OwnedInstance {
  readonly name: string;
  readonly runId: string;
  /** `volatile.uuid`; null when the creation did not get far enough to read it. */
  readonly uuid: string | null;
  /** Nobody knows whether it was made: it may appear after it was asked for. */
  readonly mayAppear: boolean;
}

/** How to reach the server, and how to wait. */
export interface Removal {
  readonly client: IncusClient;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

type Attempt =
  | { readonly state: 'gone' }
  | { readonly state: 'absent' }
  | { readonly state: 'there'; readonly why: string; readonly again: boolean };

/**
 * Stops and deletes a job's instance. It is read again right before: one that lacks our mark or is another one of the
 * same name is not touched. A server that just restarts is waited for.
 *
 * @returns null when it is gone, else why it is still there
 */
export async function removeInstance(
  { client, pause }: Removal,
  owned: OwnedInstance,
): Promise<string | null> {
  let waitedMs = 0;
  for (let turn = 0; ; turn += 1) {
    const attempt = await removeOnce(client, owned);
    if (attempt.state === 'gone') return afterRemoval(owned);
    if (attempt.state === 'absent') {
      const mayAppear = owned.mayAppear && waitedMs < patienceMs;
      if (!mayAppear) return null;
      if (waitedMs >= appearanceMs && !(await isBeingMade(client, owned.name))) return null;
    } else if (!attempt.again || waitedMs >= patienceMs) return attempt.why;
    const delay = delaysMs[Math.min(turn, delaysMs.length - 1)] ?? 0;
    await pause(delay, new AbortController().signal);
    waitedMs += delay;
  }
}

async function afterRemoval(owned: OwnedInstance): Promise<string | null> {
  try {
    await reachFaultPoint('incus.removed');
    return null;
  } catch (error) {
    if (systemErrorCode(error) === null) throw error;
    return `Instance ${owned.name} was removed, and then: ${String(error)}`;
  }
}

async function removeOnce(client: IncusClient, owned: OwnedInstance): Promise<Attempt> {
  const read = await client.instances.get(owned.name);
  if (!read.ok) return isNotFound(read.error) ? { state: 'absent' } : leftover(owned, read.error);
  const isOurs =
    read.value.config[markKeys.run] === owned.runId &&
    (owned.uuid === null || read.value.uuid === owned.uuid);
  if (!isOurs) {
    const why = `Instance ${owned.name} is not this run's any more and was left alone`;
    return { state: 'there', why, again: false };
  }
  const removed = await client.instances.remove(owned.name, {
    uuid: read.value.uuid,
    timeoutMs: removalLimitMs,
  });
  return removed.ok ? { state: 'gone' } : leftover(owned, removed.error);
}

function leftover(owned: OwnedInstance, error: IncusError): Attempt {
  const hint = `Remove it with: incus delete --force ${owned.name}`;
  const why = `Instance ${owned.name} could not be removed: ${describeIncusError(error)}. ${hint}`;
  const again = error.kind === 'connection' || error.kind === 'outcome-unknown';
  return { state: 'there', why, again };
}
