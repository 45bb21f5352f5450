import type { JobAttemptRecord, JobRecord } from '@pikaci/model';
import { eventsOf, type RecordedRun } from './recorded-run.js';

/** The record of each attempt of a job that began, the first one first; none for a job that never did. */
export function attemptsOf({ events }: RecordedRun, job: JobRecord): readonly JobRecord[] {
  const ended = eventsOf(events, 'job_attempt_finished').map((event) => event.job);
  const before = job.attempts.map(
    (one) =>
      ended.find(({ id, attempt }) => id === job.id && attempt === one.attempt) ??
      withoutExecution(job, one),
  );
  const begun = eventsOf(events, 'job_started').some(
    (event) => event.job.id === job.id && event.job.attempt === job.attempt,
  );
  return begun ? [...before, job] : before;
}

/** Of an attempt whose own record is not there, the job's record has how it ended, and no more. */
function withoutExecution(job: JobRecord, ended: JobAttemptRecord): JobRecord {
  return { ...job, ...ended, failure: null, remoteLinuxVmExecution: null, flaky: false, notes: [] };
}
