import {
  describeFailure,
  failure,
  formatTimestamp,
  type ExecuteNode,
  type Failure,
  type JobRecord,
} from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';
import { stoppedJobFailure } from '../control/stop-cause.js';
import { isGoodEnd } from '../good-end.js';
import { reached } from '../guard.js';
import { logLine } from '../host-log.js';
import type { NodeEnd } from '../scheduler.js';
import { leaveGroup } from './enter-group.js';
import {
  failedOutcome,
  finishedJobRecord,
  startedJobRecord,
  type AttemptOutcome,
} from './job-record.js';
import { setAside, waitForAttempt } from './next-attempt.js';
import { backoffMs, mayRetry } from './retry.js';
import { runAttempt, type AttemptStart } from './run-attempt.js';
import { skipNode } from './skip-node.js';

/** What a job says of an attempt that ended with the process which watched it. */
export const interruptedMessage = 'pikaci was ended before the job was done';

/**
 * Runs one job to its end, in as many attempts as it takes and may have. Each record is on disk before its event. The
 * job keeps its resources and its place in a group from the first attempt to the end of the last one.
 *
 * A job that the run's record shows as running was begun by an earlier process: that attempt is gone on with, or set
 * aside for a new one when nothing is left of it.
 */
export async function executeJob(run: PlannedRun, node: ExecuteNode): Promise<NodeEnd> {
  try {
    const known = run.state.record.jobs.find((job) => job.id === node.job.id);
    const started = await reached('engine.node-started');
    const first = known ?? startedJobRecord(run, node);
    // One that an earlier process began has its cancel heard by the runtime, which ends what is left of it.
    if (known !== undefined) await goOn(run, first);
    else if (!(await begin(run, first))) return await skip(run, node);
    const barred = started.ok ? groupFailure(run, node) : started.error;
    if (barred === null) {
      return await runAttempts(run, node, first, known === undefined ? 'run' : 'attach');
    }
    const outcome = failedOutcome(barred);
    return await conclude(
      run,
      logEnd(run, finishedJobRecord(run, first, outcome)),
      outcome.released,
    );
  } finally {
    await leaveGroup(run, node.job.id);
  }
}

async function runAttempts(
  run: PlannedRun,
  node: ExecuteNode,
  first: JobRecord,
  firstStart: AttemptStart,
): Promise<NodeEnd> {
  const control = run.control.job(node.job.id);
  let record = first;
  let start = firstStart;
  for (;;) {
    const seen = await runAttempt(run, node, record, start);
    const { ended, released } = endOf(run, record, seen);
    const again = seen === null || mayRetry(node.job.retry, ended);
    if (!again || control.signal.aborted) return conclude(run, ended, released);
    const aside = await setAside(run, node, ended);
    if (!aside.ok) return conclude(run, withNote(ended, aside.error), released);
    await waitForAttempt(run, ended, seen === null ? 0 : backoffMs(ended.attempt), released);
    record = { ...aside.value, startedAt: formatTimestamp(run.ports.clock.now()) };
    if (!(await begin(run, record)) && control.cause !== null) {
      const stopped = failedOutcome(stoppedJobFailure(control.cause));
      const unbegun = logEnd(run, finishedJobRecord(run, aside.value, stopped));
      return conclude(run, unbegun, released);
    }
    start = 'run';
  }
}

/** How an attempt ended; one of an earlier process, of which nothing is left, as that process recorded it, if it did. */
function endOf(
  run: PlannedRun,
  record: JobRecord,
  seen: AttemptOutcome | null,
): { readonly ended: JobRecord; readonly released: Promise<void> } {
  const before = run.endedBefore.get(record.id);
  if (seen === null && before?.attempt === record.attempt) {
    return { ended: before, released: Promise.resolve() };
  }
  const outcome = seen ?? failedOutcome(failure('infrastructure', interruptedMessage));
  const ended = logEnd(run, finishedJobRecord(run, record, outcome));
  return { ended, released: outcome.released };
}

/** Why a job must not run although it was started: it has no place in its group. */
function groupFailure(run: PlannedRun, node: ExecuteNode): Failure | null {
  if (node.job.concurrency === null) return null;
  const place = run.places.get(node.job.id);
  if (place?.ok === true) return null;
  return place?.error ?? failure('internal', 'The job was started outside of its group');
}

/** Records the beginning of an attempt, and tells of it. False, and not told, when the job is to end: nothing starts then. */
async function begin(run: PlannedRun, record: JobRecord): Promise<boolean> {
  const isToEnd = () => run.control.job(record.id).cause !== null;
  if (isToEnd()) return false;
  await run.state.saveJob(record);
  // Somebody may have cancelled it while it was written.
  if (isToEnd()) return false;
  await emitStart(run, record);
  return true;
}

/** Tells of an attempt that an earlier process has begun. */
async function goOn(run: PlannedRun, record: JobRecord): Promise<void> {
  await run.state.saveJob(record);
  await emitStart(run, record);
}

/** Settles a job that was scheduled when nothing was to start any more, as those that were not. */
async function skip(run: PlannedRun, node: ExecuteNode): Promise<NodeEnd> {
  await skipNode(run, node, { kind: run.control.signal.aborted ? 'stopped' : 'withdrawn' });
  return { result: 'failed' };
}

async function emitStart(run: PlannedRun, job: JobRecord): Promise<void> {
  await run.events.emit({ event: 'job_started', runId: run.request.runId, job });
}

/** How an attempt ended, and why, where that says more. */
function endText({ status, message }: JobRecord): string {
  return message === null || message === status ? status : `${status}: ${message}`;
}

/** The last of an attempt in its host log. */
function logEnd(run: PlannedRun, ended: JobRecord): JobRecord {
  const log = [ended.hostLogPath];
  logLine(run, log, endText(ended));
  for (const note of ended.notes) logLine(run, log, note);
  return ended;
}

function withNote(ended: JobRecord, failed: Failure): JobRecord {
  return { ...ended, notes: [...ended.notes, `not tried again: ${describeFailure(failed)}`] };
}

/** Writes the terminal record of a job, and tells of it. */
async function conclude(
  run: PlannedRun,
  ended: JobRecord,
  released: Promise<void>,
): Promise<NodeEnd> {
  await run.state.saveJob(ended);
  await run.events.emit({ event: 'job_finished', runId: run.request.runId, job: ended });
  const told = await reached('engine.job-finished');
  if (!told.ok) run.state.noteStoreFailure(told.error);
  return {
    result: isGoodEnd(ended) ? 'succeeded' : 'failed',
    stillHeld: new Map([['instances', released]]),
  };
}
