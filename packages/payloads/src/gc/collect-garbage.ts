import {
  formatTimestamp,
  type Clock,
  type Failure,
  type GarbageDecision,
  type GarbageReport,
  type PayloadCacheLimits,
  type StoredPayload,
} from '@pikaci/model';
import { payloadsDirectory } from '@pikaci/paths';
import { statfs } from 'node:fs/promises';
import { listPayloads } from '../inventory/list-payloads.js';
import { dependencyKeys } from '../key/dependency-keys.js';
import { readKeyInputs } from '../store/key-inputs-file.js';
import { findLeftovers, sweepLeftovers } from '../store/sweep-leftovers.js';
import { planGarbage, type GarbageCandidate } from './gc-plan.js';
import { removePayload } from './remove-payload.js';
import type { OnRemovalStep } from './removal-steps.js';

/** Which garbage is collected, and how. */
export interface GarbageOptions {
  readonly stateRoot: string;
  readonly limits: PayloadCacheLimits;
  /** True: only tell. */
  readonly dryRun: boolean;
  readonly clock: Clock;
  /** Runs of which instances are kept, by the keys of the payloads that those have mounted. */
  readonly keptForRuns?: ReadonlyMap<string, readonly string[]>;
  /** Hears how far each removal is; what it returns is waited for. */
  readonly onStep?: OnRemovalStep;
}

/** Removes what dead processes have left, and payloads until the limits hold, the least recently used first. */
export async function collectGarbage(options: GarbageOptions): Promise<GarbageReport> {
  const { stateRoot, limits, dryRun, clock } = options;
  const leftovers = await findLeftovers(stateRoot);
  if (!dryRun) await sweepLeftovers(stateRoot);
  const { payloads, damaged } = await listPayloads(stateRoot);
  const freeBytes = await freeBytesOf(stateRoot);
  const candidates = await Promise.all(payloads.map((one) => candidateOf(options, one)));
  const plan = planGarbage({ candidates, limits, now: clock.now(), freeBytes });
  const stored = new Map(payloads.map((payload) => [payload.record.contentKey, payload]));
  const done = dryRun ? { decisions: plan, failures: [] } : await carryOut(options, plan, stored);
  const removed = done.decisions.filter(({ removal }) => removal !== null);
  const kept = done.decisions.filter(({ removal }) => removal === null);
  return {
    dryRun,
    limits,
    removed,
    kept,
    damaged,
    leftovers,
    freedBytes: sizeOf(removed),
    keptBytes: sizeOf(kept),
    freeBytes,
    failures: done.failures,
  };
}

async function candidateOf(
  { stateRoot, keptForRuns }: GarbageOptions,
  payload: StoredPayload,
): Promise<GarbageCandidate> {
  const { record, lastUsedAt, users } = payload;
  const { contentKey, payloadId } = record;
  const inputs = await readKeyInputs(stateRoot, contentKey);
  return {
    contentKey,
    payloadId,
    sizeBytes: record.externalPath === null ? record.sizeBytes : 0,
    lastUsedAt,
    users,
    keptForRuns: keptForRuns?.get(contentKey) ?? [],
    dependencies: inputs.ok ? dependencyKeys(inputs.value) : [],
  };
}

/** The decisions as they came out: what somebody has begun to use in the meantime stays. */
async function carryOut(
  { stateRoot, clock, onStep }: GarbageOptions,
  plan: readonly GarbageDecision[],
  stored: ReadonlyMap<string, StoredPayload>,
): Promise<{ readonly decisions: readonly GarbageDecision[]; readonly failures: Failure[] }> {
  const decisions: GarbageDecision[] = [];
  const failures: Failure[] = [];
  for (const decision of plan) {
    const record = stored.get(decision.contentKey)?.record;
    if (decision.removal === null || record === undefined) {
      decisions.push(decision);
      continue;
    }
    const { contentKey, payloadId, builtAt } = record;
    const { sizeBytes, lastUsedAt, removal: reason } = decision;
    const removedAt = formatTimestamp(clock.now());
    const memory = { schemaVersion: 1, contentKey, payloadId, builtAt };
    const removed = await removePayload({
      stateRoot,
      contentKey,
      memory: { ...memory, sizeBytes, lastUsedAt, removedAt, reason },
      ...(onStep === undefined ? {} : { onStep }),
    });
    if (!removed.ok) failures.push(removed.error);
    if (removed.ok && removed.value.kind === 'removed') decisions.push(decision);
    else if (!removed.ok) decisions.push({ ...decision, removal: null });
    else if (removed.value.kind === 'in use') {
      decisions.push({ ...decision, removal: null, users: removed.value.users });
    }
  }
  return { decisions, failures };
}

async function freeBytesOf(stateRoot: string): Promise<number> {
  for (const path of [payloadsDirectory(stateRoot), stateRoot]) {
    const found = await statfs(path).catch(() => null);
    if (found !== null) return found.bavail * found.bsize;
  }
  return 0;
}

function sizeOf(decisions: readonly GarbageDecision[]): number {
  return decisions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
