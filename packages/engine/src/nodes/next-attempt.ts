import {
  ok,
  type ExecuteNode,
  type JobAttemptRecord,
  type JobRecord,
  type Outcome,
} from '@pikaci/model';
import { attemptLayout, jobLayout } from '@pikaci/paths';
import type { PlannedRun } from '../active-run.js';
import { pause, unlessAborted } from '../control/pause.js';
import { guard } from '../guard.js';
import { startedJobRecord } from './job-record.js';

/**
 * Puts an attempt aside that has ended, with its record, and returns the record of the next one. From then on the job's
 * directory belongs to that one. Fails when the files cannot be moved: then the attempt that ended is the last.
 */
export async function setAside(
  run: PlannedRun,
  node: ExecuteNode,
  ended: JobRecord,
): Promise<Outcome<JobRecord>> {
  await run.state.saveAttempt(ended);
  const { id, attempt } = ended;
  const aside = await guard(`putting attempt ${attempt} of job \`${id}\` aside`, () =>
    run.writer.setAttemptAside(id, attempt),
  );
  if (!aside.ok) return aside;
  const next: JobRecord = {
    ...startedJobRecord(run, node),
    attempt: attempt + 1,
    attempts: [...ended.attempts, attemptRecord(run, ended)],
  };
  await run.state.saveJob(next);
  return ok(next);
}

function attemptRecord(run: PlannedRun, ended: JobRecord): JobAttemptRecord {
  const { attempt, status, startedAt, finishedAt, exitCode, message, failureKind, testResults } =
    ended;
  const aside = attemptLayout(jobLayout(run.request.layout, ended.id), attempt);
  return {
    attempt,
    status,
    startedAt,
    finishedAt,
    exitCode,
    message,
    failureKind,
    testResults,
    hostLogPath: aside.hostLog,
    guestLogPath: aside.guestLog,
  };
}

/**
 * Tells of an attempt that will be followed by another one, and waits: the given time, and until nothing of the ended one,
 * such as its instance, is left. A cancel ends the wait.
 */
export async function waitForAttempt(
  run: PlannedRun,
  ended: JobRecord,
  retryInMs: number,
  released: Promise<void>,
): Promise<void> {
  const { runId } = run.request;
  await run.events.emit({ event: 'job_attempt_finished', runId, job: ended, retryInMs });
  const { signal } = run.control.job(ended.id);
  if (await pause(run.ports.timer, retryInMs, signal)) await unlessAborted(released, signal);
}
