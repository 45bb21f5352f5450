import {
  fail,
  ok,
  type JobConfig,
  type Outcome,
  type PlanNodeRecord,
  type PlannedJob,
  type PlanRecord,
  type RunPlan,
  type RunRecord,
  type RuntimeId,
} from '@pikaci/model';
import { runLayout, snapshotLayout } from '@pikaci/paths';
import { buildRunPlan, nodeIds, planRecord, recordedRuntime } from '@pikaci/planner';
import { readSnapshotMarker } from '@pikaci/snapshot';
import type { Workspace } from '../workspace.js';

type ExecuteRecord = Extract<PlanNodeRecord, { kind: 'execute' }>;

/** A job as a run had it. */
export interface RecordedJob {
  readonly job: PlannedJob;
  /** Of the configuration as it is now. */
  readonly config: JobConfig;
  /** Of what is recorded, what the configuration has otherwise now. */
  readonly changed: readonly string[];
}

/** What of a job is in the record of a plan. All else follows from the configuration as it is now. */
const recordedSettings = ['command', 'env', 'user', 'workspace', 'payloads'] as const;

/**
 * A job of a run as the record of its plan has it, on the snapshot that it had. What no record has (secrets, network,
 * limits) is as the configuration says now.
 */
export async function recordedJob(
  workspace: Workspace,
  run: RunRecord,
  plan: PlanRecord,
  jobId: string,
): Promise<Outcome<RecordedJob>> {
  const recorded = executeNodeOf(plan, jobId);
  const config = Object.hasOwn(workspace.config.jobs, jobId)
    ? workspace.config.jobs[jobId]
    : undefined;
  if (recorded === null || config === undefined) return notThere(run, jobId, recorded !== null);
  const snapshot = await storedSnapshot(workspace, run);
  if (!snapshot.ok) return snapshot;
  const runtime = recordedRuntime(recorded.runtime) ?? 'process';
  const made = planOne(workspace, run, { jobId, snapshotDir: snapshot.value, runtime });
  if (!made.ok) return made;
  const now = made.value.nodes.find((node) => node.kind === 'execute');
  const nowRecorded = executeNodeOf(planRecord(made.value), jobId);
  if (now === undefined || nowRecorded === null) return notThere(run, jobId, true);
  const changed = recordedSettings.filter(
    (name) => settingOf(recorded, name) !== settingOf(nowRecorded, name),
  );
  return ok({
    config,
    changed,
    job: changed.length === 0 ? now.job : asRecorded(now.job, recorded),
  });
}

function executeNodeOf({ nodes }: PlanRecord, jobId: string): ExecuteRecord | null {
  const id = nodeIds.execute(jobId);
  return (
    nodes.find((node): node is ExecuteRecord => node.kind === 'execute' && node.id === id) ?? null
  );
}

/** Where it is follows from its hash, so that a record that was tampered with leads nowhere else. */
async function storedSnapshot({ stateRoot }: Workspace, run: RunRecord): Promise<Outcome<string>> {
  const hash = run.snapshotHash ?? '';
  if (/^[0-9a-f]+$/u.test(hash)) {
    const { treeDir } = snapshotLayout(stateRoot, hash);
    if ((await readSnapshotMarker(treeDir)) !== null) return ok(treeDir);
  }
  return fail('selection', `The files that run ${run.runId} was on are gone`, {
    reason: 'its snapshot is not in the store any more',
    hint: 'Run again on the files of now, and open a shell in that: `npx pikaci run`.',
  });
}

/** What the job needs has run in the same run; none of it is planned. */
function planOne(
  { config, stateRoot }: Workspace,
  run: RunRecord,
  chosen: { readonly jobId: string; readonly snapshotDir: string; readonly runtime: RuntimeId },
): Outcome<RunPlan> {
  const { runId, createdAt, snapshotHash, sourceRoot } = run;
  const needs = config.jobs[chosen.jobId]?.needs ?? [];
  return buildRunPlan({
    config,
    selection: {
      targetId: null,
      targetDescription: null,
      jobIds: [chosen.jobId],
      reused: needs.map((jobId) => ({ jobId, runId })),
    },
    snapshot: { dir: chosen.snapshotDir, hash: snapshotHash ?? '', sourceRoot },
    layout: runLayout(stateRoot, runId),
    runId,
    createdAt,
    runtime: chosen.runtime,
  });
}

function settingOf(node: ExecuteRecord, name: (typeof recordedSettings)[number]): string {
  const settings = {
    command: node.execute.command,
    env: node.env,
    user: node.user,
    workspace: node.workspaceMode,
    payloads: node.stagedPayloadMounts,
  };
  return JSON.stringify(settings[name]);
}

function asRecorded(job: PlannedJob, recorded: ExecuteRecord): PlannedJob {
  const workspaceMode = recorded.workspaceMode === 'read-only' ? 'read-only' : 'overlay';
  return {
    ...job,
    command: recorded.execute.command,
    env: Object.fromEntries(recorded.env.map(({ name, value }) => [name, value])),
    user: recorded.user,
    hostContext: {
      ...job.hostContext,
      workspaceMode,
      workspaceReadOnly: workspaceMode === 'read-only',
      stagedPayloadMounts: recorded.stagedPayloadMounts,
    },
  };
}

function notThere({ runId }: RunRecord, jobId: string, isRecorded: boolean): Outcome<never> {
  return fail('selection', `A shell in job "${jobId}" of run ${runId} cannot be opened`, {
    reason: isRecorded
      ? 'the configuration has no such job any more'
      : 'the plan of the run has no such job',
    hint: 'Run it again as the configuration has it now: `npx pikaci run`.',
  });
}
