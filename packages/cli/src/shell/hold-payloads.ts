import {
  fail,
  ok,
  type Outcome,
  type PlannedJob,
  type PlanRecord,
  type PreparedOutputsRecord,
  type PreparedPayload,
  type RunRecord,
} from '@pikaci/model';
import { holdPayload, type HeldPayload } from '@pikaci/payloads';

/** Payloads that stay in the store until they are released. */
export interface HeldPayloads {
  readonly payloads: readonly PreparedPayload[];
  release(): Promise<void>;
}

/** What the records of a run say of its payloads. */
export interface PayloadRecords {
  readonly plan: PlanRecord;
  readonly outputs: PreparedOutputsRecord | null;
}

/** The payloads of a job, as its run had them, in the order of its staged mounts: nothing is built for a shell. */
export async function holdPayloads(
  stateRoot: string,
  run: RunRecord,
  job: PlannedJob,
  records: PayloadRecords,
): Promise<Outcome<HeldPayloads>> {
  const held: HeldPayload[] = [];
  const release = async (): Promise<void> => {
    for (const one of held) await one.release();
  };
  for (const { devicePrefix } of job.hostContext.stagedPayloadMounts) {
    const { payloadId, contentKey } = outputOf(records, devicePrefix);
    const found =
      contentKey === null
        ? ok(null)
        : await holdPayload(stateRoot, contentKey, { payloadId, devicePrefix });
    if (found.ok && found.value !== null) {
      held.push(found.value);
      continue;
    }
    await release();
    return found.ok ? gone(run, payloadId, contentKey) : found;
  }
  return ok({ payloads: held.map(({ payload }) => payload), release });
}

function outputOf(
  { plan, outputs }: PayloadRecords,
  devicePrefix: string,
): { readonly payloadId: string; readonly contentKey: string | null } {
  for (const node of plan.nodes) {
    if (node.kind !== 'prepare' || node.prepare.type !== 'nix_build') continue;
    const { payload } = node.prepare;
    if (payload?.devicePrefix !== devicePrefix) continue;
    const output = outputs?.outputs.find(({ nodeId }) => nodeId === node.id);
    const contentKey = output?.contentKey ?? null;
    // A key leads to a path, and a record may have been tampered with.
    const isKey = contentKey !== null && /^[0-9a-f]+$/u.test(contentKey);
    return { payloadId: payload.id, contentKey: isKey ? contentKey : null };
  }
  return { payloadId: devicePrefix, contentKey: null };
}

function gone({ runId }: RunRecord, payloadId: string, contentKey: string | null): Outcome<never> {
  const message = `The payload "${payloadId}" of run ${runId} is gone`;
  if (contentKey === null) {
    return fail('selection', message, {
      reason: 'it was not prepared in that run',
      hint: 'Look why: `npx pikaci logs`.',
    });
  }
  return fail('selection', message, {
    reason: 'it is not in the store any more',
    hint: `Run again on the same files, which builds it: \`npx pikaci rerun ${runId}\`.`,
  });
}
