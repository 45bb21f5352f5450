import { formatTimestamp, ok, type Outcome, type RunPlan, type Snapshot } from '@pikaci/model';
import { buildRunPlan, planRecord } from '@pikaci/planner';
import type { ActiveRun, PlannedRun } from './active-run.js';
import { guard } from './guard.js';

/** What becomes of a payload in a run, in the words of earlier records: it is linked into each job's directory. */
const preparedOutputConsumer = 'host_local_symlink_mounts_v1';

/** Takes the snapshot, plans the run, writes the plan and makes the jobs' directories and logs. */
export async function planRun(run: ActiveRun): Promise<Outcome<PlannedRun>> {
  const snapshot = await takeSnapshot(run);
  if (!snapshot.ok) return snapshot;
  const { config, selection, layout, runId, createdAt, runtime } = run.request;
  const plan = buildRunPlan({
    config,
    selection,
    snapshot: snapshot.value,
    layout,
    runId,
    createdAt: formatTimestamp(createdAt),
    ...(runtime === undefined ? {} : { runtime }),
  });
  if (!plan.ok) return plan;
  return ok(await recordPlan(run, snapshot.value, plan.value));
}

async function takeSnapshot(run: ActiveRun): Promise<Outcome<Snapshot>> {
  const { clock, snapshots } = run.ports;
  const { workspaceRoot, signal, runId } = run.request;
  const start = clock.monotonicMs();
  const taken = await guard('taking the snapshot', () => snapshots.take(workspaceRoot, signal));
  if (!taken.ok) return taken;
  const { hash, reused, dir, sourceRoot, gitHead, gitDirty } = taken.value;
  run.state.update({ snapshotDir: dir, snapshotHash: hash, sourceRoot, gitHead, gitDirty });
  await run.state.saveRun();
  const durationMs = Math.round(clock.monotonicMs() - start);
  await run.events.emit({ event: 'snapshot_taken', runId, hash, reused, durationMs });
  return taken;
}

async function recordPlan(run: ActiveRun, snapshot: Snapshot, plan: RunPlan): Promise<PlannedRun> {
  const { layout, runId } = run.request;
  const record = planRecord(plan);
  const jobIds = plan.nodes.flatMap((node) => (node.kind === 'execute' ? [node.job.id] : []));
  await run.state.keep(() => run.writer.writePlan(record));
  await run.state.saveOutputs();
  run.state.orderJobs(jobIds);
  run.state.update({
    planPath: layout.planFile,
    preparedOutputsPath: layout.preparedOutputsFile,
    preparedOutputConsumer,
  });
  await run.state.saveRun();
  // Early, so that the output of payloads that are built for a job has a log to go to.
  for (const jobId of jobIds) await run.state.keep(() => run.writer.createJob(jobId));
  await run.events.emit({
    event: 'plan_made',
    runId,
    planPath: layout.planFile,
    prepareNodeIds: plan.nodes.flatMap((node) => (node.kind === 'execute' ? [] : [node.id])),
    jobIds,
  });
  return {
    ...run,
    snapshot,
    plan,
    nodes: new Map(plan.nodes.map((node) => [node.id, node])),
    nodeRecords: new Map(record.nodes.map((node) => [node.id, node])),
    prepared: new Map(),
    prepareFailures: new Map(),
  };
}
