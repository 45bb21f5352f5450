import {
  fail,
  ok,
  type Outcome,
  type PlanRecord,
  type RunPlan,
  type RunRecord,
  type RuntimeId,
} from '@pikaci/model';
import { runLayout, snapshotLayout } from '@pikaci/paths';
import { buildRunPlan, planRecord, recordedRuntime } from '@pikaci/planner';
import { readSnapshotMarker } from '@pikaci/snapshot';
import { runtimesOf, type PlannedRun } from '../planned-run.js';
import type { Workspace } from '../workspace.js';
import { planDifference } from './plan-difference.js';

/** What a run was, as its records tell. */
export interface RecordedRun {
  readonly record: RunRecord;
  readonly plan: PlanRecord;
}

/**
 * Plans a run again from the configuration of now, on the snapshot that it had. A plan that is not the recorded one,
 * byte for byte, is a failure: results of two configurations in one run would be nobody's.
 */
export async function planAgain(
  workspace: Workspace,
  recorded: RecordedRun,
): Promise<Outcome<PlannedRun>> {
  const { record, plan } = recorded;
  const hash = record.snapshotHash ?? '';
  const { treeDir } = snapshotLayout(workspace.stateRoot, hash);
  if (hash === '' || (await readSnapshotMarker(treeDir)) === null) {
    return cannot(record, 'its snapshot is not in the store any more');
  }
  const jobs = plan.nodes.flatMap((node) => (node.kind === 'execute' ? [node] : []));
  const selection = {
    targetId: plan.targetId,
    targetDescription: plan.targetDescription,
    jobIds: jobs.map(({ id }) => id.replace(/^execute-/u, '')),
    reused: record.reusedResults,
  };
  let difference: string | null = null;
  for (const runtime of givenRuntimes(jobs.map((job) => job.runtime))) {
    const chosen = {
      workspace,
      config: workspace.config,
      selection,
      filter: {
        patterns: record.filters,
        changedFiles: record.changedFiles,
        lines: [],
        skipMessage: null,
      },
      ...(runtime === undefined ? {} : { runtime }),
    };
    const made = buildPlan(workspace, recorded, chosen);
    if (!made.ok) return cannot(record, made.error.message);
    const differs = planDifference(plan, planRecord(made.value));
    if (differs === null) return ok({ ...chosen, runtimes: runtimesOf(made.value) });
    difference ??= differs;
  }
  return cannot(record, `the configuration makes another plan now: ${difference ?? ''}`);
}

function buildPlan(
  workspace: Workspace,
  { record }: RecordedRun,
  chosen: Pick<PlannedRun, 'config' | 'selection' | 'runtime'>,
): Outcome<RunPlan> {
  const { runId, createdAt, snapshotDir, snapshotHash, sourceRoot } = record;
  return buildRunPlan({
    config: chosen.config,
    selection: chosen.selection,
    snapshot: { dir: snapshotDir, hash: snapshotHash ?? '', sourceRoot },
    layout: runLayout(workspace.stateRoot, runId),
    runId,
    createdAt,
    ...(chosen.runtime === undefined ? {} : { runtime: chosen.runtime }),
  });
}

/** The configuration's own runtimes, or the one that `--runtime` may have given for all jobs. */
function givenRuntimes(recorded: readonly (string | null)[]): readonly (RuntimeId | undefined)[] {
  const [only, ...others] = [...new Set(recorded)];
  const given = recordedRuntime(only ?? null);
  return others.length === 0 && given !== null ? [undefined, given] : [undefined];
}

function cannot({ runId }: RunRecord, reason: string): Outcome<never> {
  return fail('selection', `The run ${runId} cannot be gone on with`, {
    reason,
    hint: 'Start a new run: `npx pikaci run`.',
  });
}
