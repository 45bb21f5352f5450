import {
  ok,
  type BuildRuntime,
  type ComparedPayload,
  type KeyInput,
  type Outcome,
  type PayloadConfig,
  type PayloadExplanation,
  type PreparedPayload,
  type RemovedPayloadRecord,
  type RuntimeId,
  type Snapshot,
  type StoredPayload,
} from '@pikaci/model';
import { platformOfProcess } from '../create-payload-store.js';
import { listPayloads } from '../inventory/list-payloads.js';
import { identifyPayload, keyOfPayload, type PayloadKey } from '../key/identify-payload.js';
import { damagedPayload } from '../store/find-payload.js';
import { readKeyInputs } from '../store/key-inputs-file.js';
import { listRemoved } from '../store/removed-payloads.js';
import { compareKeyInputs } from './compare-key-inputs.js';

/** A configured payload, and where a run would look for it. */
export interface ExplainRequest {
  readonly stateRoot: string;
  readonly runtimes: ReadonlyMap<RuntimeId, BuildRuntime>;
  readonly payloadId: string;
  readonly payload: PayloadConfig;
  readonly snapshot: Pick<Snapshot, 'dir' | 'hash' | 'sourceRoot'>;
  /** In declared order. */
  readonly dependencies: readonly Pick<PreparedPayload, 'payloadId' | 'contentKey'>[];
  readonly signal: AbortSignal;
}

/** Tells whether a run would find a payload in the store, and which of its inputs are to blame if not; fails where the run would. Writes nothing. */
export async function explainPayload(
  request: ExplainRequest,
): Promise<Outcome<PayloadExplanation>> {
  const { signal } = request;
  const platform = platformOfProcess();
  const identity = await identifyPayload({ ...request, force: signal, platform });
  if (!identity.ok) return identity;
  const key = await keyOfPayload(identity.value);
  if (!key.ok) return key;
  const { payloads, damaged } = await listPayloads(request.stateRoot);
  const broken = damaged.find(({ contentKey }) => contentKey === key.value.contentKey);
  if (broken !== undefined) return damagedPayload(broken.dir, broken.reason);
  const removed = await listRemoved(request.stateRoot);
  return ok(await explain(request, key.value, { payloads, removed }));
}

interface KnownPayloads {
  readonly payloads: readonly StoredPayload[];
  readonly removed: readonly RemovedPayloadRecord[];
}

async function explain(
  { stateRoot, payloadId }: ExplainRequest,
  { contentKey, keyInputs }: PayloadKey,
  known: KnownPayloads,
): Promise<PayloadExplanation> {
  const common = { payloadId, contentKey, keyInputs };
  const stored = known.payloads.find(({ record }) => record.contentKey === contentKey);
  if (stored !== undefined) {
    const expectation = stored.storePath === null ? 'vanished' : 'hit';
    return { ...common, expectation, comparedWith: storedOne(stored), changes: [] };
  }
  const memory = known.removed.find((record) => record.contentKey === contentKey);
  if (memory !== undefined) {
    return { ...common, expectation: 'removed', comparedWith: removedOne(memory), changes: [] };
  }
  const latest = latestOf(payloadId, known);
  if (latest === null) {
    return { ...common, expectation: 'new', comparedWith: null, changes: null };
  }
  const before = await inputsOf(stateRoot, latest, known);
  const changes = before === null ? null : compareKeyInputs(before, keyInputs);
  return { ...common, expectation: 'changed', comparedWith: latest, changes };
}

/** The payload of an id that was used last, be it in the store or only remembered. */
function latestOf(payloadId: string, { payloads, removed }: KnownPayloads): ComparedPayload | null {
  const candidates = [
    ...payloads.filter(({ record }) => record.payloadId === payloadId).map(storedOne),
    ...removed.filter((record) => record.payloadId === payloadId).map(removedOne),
  ];
  const latestFirst = candidates.sort((a, b) => (a.lastUsedAt < b.lastUsedAt ? 1 : -1));
  return latestFirst[0] ?? null;
}

async function inputsOf(
  stateRoot: string,
  { contentKey, removed }: ComparedPayload,
  known: KnownPayloads,
): Promise<readonly KeyInput[] | null> {
  if (removed !== null) {
    return known.removed.find((record) => record.contentKey === contentKey)?.keyInputs ?? null;
  }
  const inputs = await readKeyInputs(stateRoot, contentKey);
  return inputs.ok ? inputs.value : null;
}

function storedOne({ record, lastUsedAt }: StoredPayload): ComparedPayload {
  const { contentKey, builtAt } = record;
  return { contentKey, builtAt, lastUsedAt, removed: null };
}

function removedOne(record: RemovedPayloadRecord): ComparedPayload {
  const { contentKey, builtAt, lastUsedAt, removedAt, reason } = record;
  return { contentKey, builtAt, lastUsedAt, removed: { at: removedAt, reason } };
}
