import {
  err,
  fail,
  formatTimestamp,
  ok,
  type Outcome,
  type RunPlan,
  type Snapshot,
} from '@pikaci/model';
import { buildRunPlan, planRecord } from '@pikaci/planner';
import type { ActiveRun, PlannedRun } from './active-run.js';
import { endByForce } from './control/end-by-force.js';
import { guard } from './guard.js';
import { logLine } from './host-log.js';
import { maskPlan } from './secrets/mask-records.js';
import { readSecrets } from './secrets/read-secrets.js';

/** What becomes of a payload in a run, in the words of earlier records: it is linked into each job's directory. */
const preparedOutputConsumer = 'host_local_symlink_mounts_v1';

/**
 * Takes the snapshot, plans the run, reads its secrets, writes the plan and makes the jobs' directories and logs.
 *
 * @param known the snapshot of a run that has one already
 */
export async function planRun(
  run: ActiveRun,
  known: Snapshot | null,
): Promise<Outcome<PlannedRun>> {
  const snapshot = known === null ? await takeSnapshot(run) : ok(known);
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
  const secrets = await readSecrets(run, plan.value);
  if (!secrets.ok) return err(secrets.error);
  return ok(await recordPlan(run, snapshot.value, plan.value));
}

async function takeSnapshot(run: ActiveRun): Promise<Outcome<Snapshot>> {
  const { clock } = run.ports;
  const { runId, snapshot } = run.request;
  const start = clock.monotonicMs();
  const taken = snapshot === undefined ? await takeAnew(run) : ok(snapshot);
  if (!taken.ok) return taken;
  const { hash, reused, dir, sourceRoot, gitHead, gitDirty } = taken.value;
  run.state.update({ snapshotDir: dir, snapshotHash: hash, sourceRoot, gitHead, gitDirty });
  await run.state.saveRun();
  const durationMs = Math.round(clock.monotonicMs() - start);
  await run.events.emit({ event: 'snapshot_taken', runId, hash, reused, durationMs });
  return taken;
}

async function takeAnew(run: ActiveRun): Promise<Outcome<Snapshot>> {
  const { snapshots, timer } = run.ports;
  const { signal, force } = run.control;
  const { workspaceRoot } = run.request;
  const taking = guard('taking the snapshot', () => snapshots.take(workspaceRoot, signal));
  return endByForce<Outcome<Snapshot>>(timer, force, taking, () =>
    fail('cancelled', 'Taking the snapshot was broken off'),
  );
}

async function recordPlan(run: ActiveRun, snapshot: Snapshot, plan: RunPlan): Promise<PlannedRun> {
  const { layout, runId } = run.request;
  const record = planRecord(plan);
  const jobIds = plan.nodes.flatMap((node) => (node.kind === 'execute' ? [node.job.id] : []));
  await run.state.keep(() => run.writer.writePlan(maskPlan(run.secrets.masker, record)));
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
  logWarnings(run, plan);
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
    places: new Map(),
  };
}

function logWarnings(run: ActiveRun, plan: RunPlan): void {
  const logs = plan.nodes.flatMap((node) =>
    node.kind === 'execute' && node.job.secrets.length > 0
      ? [node.job.hostContext.hostLogPath]
      : [],
  );
  for (const warning of run.secrets.warnings) logLine(run, logs, `warning: ${warning}`);
}
