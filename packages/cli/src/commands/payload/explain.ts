import {
  exitCodes,
  fail,
  ok,
  toSnakeCaseKeys,
  type Outcome,
  type PayloadExplanation,
  type PikaciConfig,
  type RuntimeId,
} from '@pikaci/model';
import { explainPayload } from '@pikaci/payloads';
import { formatExplanations } from '@pikaci/report';
import { composeBuildRuntimes, type BuildRuntimes } from '../../compose.js';
import { addJsonOption } from '../../options/global-options.js';
import { addIncusOptions, type RuntimeOptions } from '../../options/runtime-options.js';
import { finishWithFailure } from '../../output/finish.js';
import { printJson, printText } from '../../output/print.js';
import { checkRuntimes, configWith } from '../../planned-run.js';
import type { Session } from '../../session.js';
import { cancelOnSignals } from '../../signals/cancel-on-signals.js';
import { openWorkspace, type Workspace } from '../../workspace.js';
import type { RegisterCommand } from '../register-command.js';
import { withBorrowedSnapshot, type LookedAtSnapshot } from './borrowed-snapshot.js';
import { suggestionFor } from './payload-reference.js';

/** `payload explain`: whether a run would find a payload, and why not. Changes nothing. */
export const registerPayloadExplain: RegisterCommand = (group, runAction) => {
  const command = group
    .command('explain')
    .argument('<id>', 'a payload of the configuration')
    .description('say whether a run would find a payload and those it depends on, and why not')
    .addHelpText('after', '\nExample:\n  npx pikaci payload explain node-modules');
  addJsonOption(addIncusOptions(command)).action((id: string, _, self: typeof command) =>
    runAction(self, (session) => explain(session, id, self.optsWithGlobals<RuntimeOptions>())),
  );
};

async function explain(session: Session, id: string, options: RuntimeOptions): Promise<number> {
  const opened = await openWorkspace(session);
  if (!opened.ok) return finishWithFailure(session, opened.error);
  const workspace = { ...opened.value, config: configWith(opened.value.config, options, session) };
  const explained = await explainInWorkspace(session, workspace, id);
  if (!explained.ok) return finishWithFailure(session, explained.error);
  if (!session.isForPrograms)
    printText(session, formatExplanations(explained.value, session.style));
  else printJson(session, toSnakeCaseKeys({ payloads: explained.value }));
  return exitCodes.passed;
}

async function explainInWorkspace(
  session: Session,
  workspace: Workspace,
  id: string,
): Promise<Outcome<readonly PayloadExplanation[]>> {
  const { config } = workspace;
  const ids = withDependencies(config, id);
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

/** A payload and all it depends on, dependencies first. The configuration has no circles. */
function withDependencies(config: PikaciConfig, id: string): Outcome<readonly string[]> {
  const known = Object.keys(config.payloads);
  if (!known.includes(id)) return unknownPayload(id, known);
  const ids = new Set<string>();
  const add = (payloadId: string): void => {
    for (const dependency of config.payloads[payloadId]?.dependsOn ?? []) add(dependency);
    ids.add(payloadId);
  };
  add(id);
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
