import {
  failure,
  formatTimestamp,
  jobRecordSchema,
  type AdoptedRun,
  type Failure,
  type JobRecord,
  type PlanNodeRecord,
  type PlanRecord,
  type RunRecord,
} from '@pikaci/model';
import { jobLayout, type RunLayout } from '@pikaci/paths';
import { EventLog } from './event-log.js';
import { guard } from './guard.js';
import { interruptedMessage } from './nodes/execute-job.js';
import type { EnginePorts } from './ports.js';
import { RunState } from './run-state.js';
import { safeReporter } from './safe-reporter.js';
import { KnownSecrets } from './secrets/known-secrets.js';
import { isRunEndTold, isTold, lastSequence } from './untold-events.js';
import { runVerdict } from './verdict.js';

type ClosePorts = Pick<EnginePorts, 'store' | 'clock' | 'reporter'>;
type ExecuteRecord = Extract<PlanNodeRecord, { kind: 'execute' }>;

/**
 * Ends the record of a run whose process is gone and with which nobody goes on: each job that has no terminal record
 * gets its one, each end that was not told is told, and the run has failed. The writer is closed.
 */
export async function closeAbandonedRun(
  adopted: AdoptedRun,
  layout: RunLayout,
  ports: ClosePorts,
): Promise<RunRecord> {
  const { record } = adopted;
  const { runId } = record;
  const { state, events } = reopen(adopted, ports);
  const now = formatTimestamp(ports.clock.now());
  const planned = await plannedJobs(ports, runId);
  state.orderJobs(planned.map(jobIdOf));
  for (const job of endedJobs(record, planned, layout, now)) {
    if (job !== record.jobs.find(({ id }) => id === job.id)) await state.saveJob(job);
    await tellEnd(adopted, events, job);
  }
  const early = failure('infrastructure', 'pikaci was ended before the run was done', {
    hint: `Go on with it: npx pikaci resume ${runId}`,
  });
  const { jobs } = state.record;
  const verdict = runVerdict({
    ...{ jobs, early, storeFailure: state.storeFailure, stopped: null },
    forFailures: new Set(),
  });
  state.update({ ...verdict, finishedAt: now });
  await state.saveRun();
  await events.emit({ event: 'run_finished', run: state.record });
  await state.close();
  return state.record;
}

/**
 * Tells what a run whose process is gone had on record already when that was killed, and had not told: the ends of jobs
 * and its own. The writer is closed.
 */
export async function tellUntoldEnd(
  adopted: AdoptedRun,
  ports: Omit<ClosePorts, 'store'>,
): Promise<void> {
  const { record } = adopted;
  const { state, events } = reopen(adopted, ports);
  if (!isRunEndTold(adopted.events)) {
    for (const job of record.jobs) await tellEnd(adopted, events, job);
    await events.emit({ event: 'run_finished', run: record });
  }
  await state.close();
}

interface ReopenedRun {
  readonly state: RunState;
  readonly events: EventLog;
}

function reopen(adopted: AdoptedRun, ports: Omit<ClosePorts, 'store'>): ReopenedRun {
  const { writer, record } = adopted;
  const state = new RunState(record, writer, new KnownSecrets());
  const reporter = safeReporter(ports.reporter);
  const events = new EventLog(
    {
      writer,
      clock: ports.clock,
      mask: (event) => event,
      onEvent: (event) => reporter.onEvent(event),
      onLost: (failed) => state.noteStoreFailure(failed),
    },
    lastSequence(adopted),
  );
  return { state, events };
}

async function tellEnd(adopted: AdoptedRun, events: EventLog, job: JobRecord): Promise<void> {
  if (isTold(adopted.events, job)) return;
  const event = job.status === 'skipped' ? 'job_skipped' : 'job_finished';
  await events.emit({ event, runId: adopted.record.runId, job });
}

async function plannedJobs(ports: ClosePorts, runId: string): Promise<readonly ExecuteRecord[]> {
  const plan = await guard<PlanRecord>('reading the plan', () => ports.store.readPlan(runId));
  return plan.ok ? plan.value.nodes.filter((node) => node.kind === 'execute') : [];
}

/** The ids of execute nodes are those of their jobs behind `execute-`. */
function jobIdOf(node: ExecuteRecord): string {
  return node.id.replace(/^execute-/u, '');
}

/** All jobs, each with its terminal record. */
function endedJobs(
  { jobs }: RunRecord,
  planned: readonly ExecuteRecord[],
  layout: RunLayout,
  now: string,
): readonly JobRecord[] {
  const ended = jobs.map((job) => (job.status === 'running' ? interrupted(job, now) : job));
  const unstarted = planned.filter((node) => !jobs.some(({ id }) => id === jobIdOf(node)));
  return [...ended, ...unstarted.map((node) => neverStarted(node, layout, now))];
}

function interrupted(job: JobRecord, now: string): JobRecord {
  const failed: Failure = failure('infrastructure', interruptedMessage);
  return {
    ...job,
    status: 'failed',
    finishedAt: now,
    message: failed.message,
    failureKind: failed.kind,
    failure: failed,
  };
}

function neverStarted(node: ExecuteRecord, layout: RunLayout, now: string): JobRecord {
  const id = jobIdOf(node);
  const { hostLog, guestLog } = jobLayout(layout, id);
  return jobRecordSchema.parse({
    id,
    description: node.description,
    status: 'skipped',
    executor: node.executor,
    planNodeId: node.id,
    timeoutSecs: node.execute.timeoutSecs,
    hostLogPath: hostLog,
    guestLogPath: guestLog,
    startedAt: now,
    finishedAt: now,
    message: 'not run because pikaci was ended before it could start',
    runtime: node.runtime,
    placement: node.placement,
  });
}
