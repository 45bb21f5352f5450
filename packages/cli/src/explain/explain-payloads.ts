import {
  exitCodes,
  fail,
  ok,
  type Outcome,
  type PayloadExplanation,
  type PikaciConfig,
  type RuntimeId,
} from '@pikaci/model';
import { explainPayload } from '@pikaci/payloads';
import { composeBuildRuntimes, type BuildRuntimes } from '../compose.js';
import { suggestionFor } from '../commands/payload/payload-reference.js';
import { checkRuntimes } from '../planned-run.js';
import type { Session } from '../session.js';
import { cancelOnSignals } from '../signals/cancel-on-signals.js';
import type { Workspace } from '../workspace.js';
import { withBorrowedSnapshot, type LookedAtSnapshot } from './borrowed-snapshot.js';

/**
 * Whether a run would find some payloads and those they depend on, dependencies first. Changes nothing, and can be
 * cancelled like everything that looks at files.
 */
export async function explainPayloads(
  session: Session,
  workspace: Workspace,
  wanted: readonly string[],
): Promise<Outcome<readonly PayloadExplanation[]>> {
  const { config } = workspace;
  const ids = withDependencies(config, wanted);
  if (!ids.ok) return ids;
  const runtimeIds = buildRuntimeIds(config, ids.value);
  const ready = checkRuntimes(config, runtimeIds);
  if (!ready.ok) return ready;
  const runtimes = composeBuildRuntimes({ workspace, config }, runtimeIds);
  if (!runtimes.ok) return runtimes;
  const { io } = session;
  const cancellation = cancelOnSignals({
    source: io.signals,
    clock: io.clock,
    onCancel: () => undefined,
    // Nothing of it is left behind that the next command would not find.
    onForce: () => io.exitNow(exitCodes.interrupted),
    onGiveUp: () => io.exitNow(exitCodes.interrupted),
  });
  const { signal } = cancellation;
  try {
    return await withBorrowedSnapshot(workspace, signal, (snapshot) =>
      explainAll({ workspace, snapshot, signal, runtimes: runtimes.value }, ids.value),
    );
  } finally {
    cancellation.dispose();
    await runtimes.value.close();
  }
}

interface ExplainPlace {
  readonly workspace: Workspace;
  readonly snapshot: LookedAtSnapshot;
  readonly runtimes: BuildRuntimes;
  readonly signal: AbortSignal;
}

/** In an order in which each payload comes after those it depends on: their keys are part of its own. */
async function explainAll(
  { workspace, snapshot, runtimes, signal }: ExplainPlace,
  ids: readonly string[],
): Promise<Outcome<readonly PayloadExplanation[]>> {
  const explained = new Map<string, PayloadExplanation>();
  for (const payloadId of ids) {
    const payload = workspace.config.payloads[payloadId];
    if (payload === undefined) continue;
    const one = await explainPayload({
      stateRoot: workspace.stateRoot,
      runtimes: runtimes.builds,
      payloadId,
      payload,
      snapshot,
      dependencies: payload.dependsOn.flatMap((id) => explained.get(id) ?? []),
      signal,
    });
    if (!one.ok) return one;
    explained.set(payloadId, one.value);
  }
  return ok([...explained.values()]);
}

/** Payloads and all they depend on, dependencies first. The configuration has no circles. */
function withDependencies(
  config: PikaciConfig,
  wanted: readonly string[],
): Outcome<readonly string[]> {
  const known = Object.keys(config.payloads);
  const odd = wanted.find((id) => !known.includes(id));
  if (odd !== undefined) return unknownPayload(odd, known);
  const ids = new Set<string>();
  const add = (payloadId: string): void => {
    for (const dependency of config.payloads[payloadId]?.dependsOn ?? []) add(dependency);
    ids.add(payloadId);
  };
  wanted.forEach(add);
  return ok([...ids]);
}

function unknownPayload(id: string, known: readonly string[]): ReturnType<typeof fail> {
  return fail('selection', `The configuration has no payload "${id}"`, {
    hint: suggestionFor(id, known) ?? 'It has none.',
  });
}

function buildRuntimeIds(config: PikaciConfig, ids: readonly string[]): readonly RuntimeId[] {
  return ids.flatMap((id) => {
    const payload = config.payloads[id];
    return payload?.kind === 'command' ? [payload.runtime] : [];
  });
}
