import {
  fail,
  ok,
  type Outcome,
  type PikaciConfig,
  type RunPlan,
  type RuntimeId,
  type Selection,
} from '@pikaci/model';
import { checkNetwork, detectNamespaces } from '@pikaci/host-process';
import { runLayout } from '@pikaci/paths';
import { buildRunPlan, type PlanInput } from '@pikaci/planner';
import {
  selectByOptions,
  type ChangeFilter,
  type SelectedByChanges,
} from './changes/select-by-options.js';
import type { ChangeOptions } from './options/change-options.js';
import { withRuntimeOptions, type RuntimeOptions } from './options/runtime-options.js';
import type { SelectionOptions } from './options/selection-options.js';
import { selectPart } from './selection/select-part.js';
import { partOfRun, wantedBy, type Wanted } from './selection/wanted.js';
import type { Session } from './session.js';
import { openWorkspace, type Workspace } from './workspace.js';

/** What is to be run, with every setting in its place. */
export interface PlannedRun {
  readonly workspace: Workspace;
  /** The configuration with flags and environment applied. */
  readonly config: PikaciConfig;
  readonly selection: Selection;
  /** What became of the targets' path filters. */
  readonly filter: ChangeFilter;
  /** Given for all jobs by `--runtime`; absent when each job's own holds. */
  readonly runtime?: RuntimeId;
  /** The runtimes that jobs run in and payloads are built in, each once. */
  readonly runtimes: readonly RuntimeId[];
}

/** Stands for a run's id in a plan that is not run. */
export const noRunId = '<run>';

/**
 * Loads, selects and plans once without a snapshot, so that every failure of configuration and selection comes before
 * anything is written.
 */
export async function planWithoutSnapshot(
  session: Session,
  names: readonly string[],
  options: RuntimeOptions & ChangeOptions & SelectionOptions,
): Promise<Outcome<PlannedRun>> {
  const workspace = await openWorkspace(session);
  if (!workspace.ok) return workspace;
  const wanted = await wantedBy(workspace.value, names, options);
  return wanted.ok ? planWanted(session, workspace.value, wanted.value, options) : wanted;
}

/** The same for what is known to be wanted. */
export async function planWanted(
  session: Session,
  workspace: Workspace,
  wanted: Wanted,
  options: RuntimeOptions & ChangeOptions & SelectionOptions,
): Promise<Outcome<PlannedRun>> {
  const selected = await select(session, workspace, wanted, options);
  if (!selected.ok) return selected;
  const config = configWith(selected.value.config, options, session);
  const chosen = {
    ...selected.value,
    workspace: { ...workspace, config: selected.value.config },
    config,
    ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
  };
  const plan = planFor(chosen, { dir: '/', hash: '', sourceRoot: chosen.workspace.workspaceRoot });
  if (!plan.ok) return plan;
  const runtimes = runtimesOf(plan.value);
  const ready = checkRuntimes(config, runtimes);
  if (!ready.ok) return ready;
  const isolated = await checkIsolation(plan.value);
  return isolated.ok ? ok({ ...chosen, runtimes }) : isolated;
}

/** Selects what was named, as far as changes and the options on jobs leave it. */
async function select(
  session: Session,
  workspace: Workspace,
  { names, within }: Wanted,
  options: ChangeOptions & SelectionOptions,
): Promise<Outcome<SelectedByChanges>> {
  const selected = await selectByOptions(session, workspace, names, options);
  if (!selected.ok || selected.value.filter.skipMessage !== null) return selected;
  const { filter, config } = selected.value;
  const all = ok(selected.value.selection);
  const meant = within === null ? all : await partOfRun(workspace, all.value, within);
  if (!meant.ok) return meant;
  const part = await selectPart({ ...workspace, config }, meant.value, options);
  if (!part.ok) return part;
  const { selection, lines, skipMessage } = part.value;
  return ok({
    config,
    selection,
    filter: { ...filter, lines: [...filter.lines, ...lines], skipMessage },
  });
}

/** The configuration with flags and environment applied. */
export function configWith(
  config: PikaciConfig,
  options: RuntimeOptions,
  session: Session,
): PikaciConfig {
  const incus = withRuntimeOptions(config.runtimes.incus, options, session.io.env);
  return { ...config, runtimes: { ...config.runtimes, incus } };
}

/** The plan on a snapshot, without a run: no id, no time. */
export function planFor(
  chosen: Omit<PlannedRun, 'runtimes'>,
  snapshot: PlanInput['snapshot'],
): Outcome<RunPlan> {
  return buildRunPlan({
    config: chosen.config,
    selection: chosen.selection,
    snapshot,
    layout: runLayout(chosen.workspace.stateRoot, noRunId),
    runId: noRunId,
    createdAt: '',
    ...(chosen.runtime === undefined ? {} : { runtime: chosen.runtime }),
  });
}

/** The runtimes that jobs of a plan run in and payloads are built in, each once. */
export function runtimesOf(plan: RunPlan): readonly RuntimeId[] {
  const ids = plan.nodes.flatMap((node) => {
    if (node.kind === 'execute') return [node.job.runtime];
    return node.kind === 'prepare-payload' && node.payload.kind === 'command'
      ? [node.payload.runtime]
      : [];
  });
  return [...new Set(ids)];
}

/** Says what runtimes lack before anything is done. */
export function checkRuntimes(config: PikaciConfig, runtimes: readonly RuntimeId[]): Outcome<void> {
  if (!runtimes.includes('incus') || config.runtimes.incus.image !== undefined)
    return ok(undefined);
  return fail('config', 'The Incus runtime has no image', {
    hint: 'Name the alias of an image with --image, PIKACI_INCUS_IMAGE or runtimes.incus.image.',
  });
}

/** A job that is to have no network must not get one for want of anything else: that is told before anything is made. */
async function checkIsolation(plan: RunPlan): Promise<Outcome<void>> {
  const wanting = plan.nodes.flatMap((node) =>
    node.kind === 'execute' && node.job.runtime === 'process' && node.job.network === 'none'
      ? [node.job.id]
      : [],
  );
  if (wanting.length === 0) return ok(undefined);
  const checked = await checkNetwork(await detectNamespaces(), 'none');
  if (checked.ok) return checked;
  const message = `${checked.error.message}, which is what ${wanting.join(', ')} must be`;
  return { ok: false, error: { ...checked.error, message } };
}
