import {
  describeFailure,
  failure,
  type Failure,
  type FailureKind,
  type JobRecord,
  type RunRecord,
} from '@pikaci/model';
import { stopFailure, type StopCause } from './control/stop-cause.js';
import { isGoodEnd } from './good-end.js';

/**
 * Which failure speaks for a run that has several: the first kind of this list. A cancel comes first because the user
 * asked for it and the others are mostly its consequences. Then whatever was not the fault of the tested code, because
 * the other results cannot be trusted beside it and running again may help. Then a timeout, which may be either. A
 * payload comes before a job, because it is often the reason why jobs fail.
 */
export const failureOrder: readonly FailureKind[] = [
  'cancelled',
  'internal',
  'infrastructure',
  'snapshot',
  'config',
  'selection',
  'timeout',
  'payload',
  'job',
];

/** What a verdict is made of. */
export interface VerdictInput {
  readonly jobs: readonly JobRecord[];
  /** Jobs for the case that others fail: that they were not run is no failure. */
  readonly forFailures: ReadonlySet<string>;
  /** Why the run ended before its jobs could be scheduled, or the schedule broke; null when neither happened. */
  readonly early: Failure | null;
  /** The first record that could not be written. */
  readonly storeFailure: Failure | null;
  /** Why the run was stopped; null when it was not. */
  readonly stopped: StopCause | null;
}

/** The part of a run's record that says how it ended. */
export type Verdict = Pick<RunRecord, 'status' | 'failureKind' | 'failure' | 'message'>;

/**
 * A run passed exactly when every job passed, or failed as it may, and nothing else went wrong. A stop that came when all was done changes
 * nothing; else a cancel or the run's own limit speaks for it, whatever failed besides. The message is null where the jobs speak for themselves.
 */
export function runVerdict(input: VerdictInput): Verdict {
  const ofRun = [input.early, input.storeFailure].filter((failed) => failed !== null);
  if (ofRun.length === 0 && input.jobs.every((job) => isFine(input, job))) {
    return { status: 'passed', failureKind: null, failure: null, message: null };
  }
  const ofJobs = input.jobs
    .filter((job) => !job.allowedFailure)
    .map((job) => job.failure)
    .filter((failed) => failed !== null);
  const worst =
    (input.stopped && stopFailure(input.stopped)) ??
    firstByOrder([...ofRun, ...ofJobs].filter((failed) => !isByFailFast(input, failed))) ??
    nothingFailed();
  return {
    status: 'failed',
    failureKind: worst.kind,
    failure: worst,
    message: ofJobs.includes(worst) ? null : describeFailure(worst),
  };
}

function isFine({ forFailures }: VerdictInput, job: JobRecord): boolean {
  return isGoodEnd(job) || (job.status === 'skipped' && forFailures.has(job.id));
}

/** What was cancelled because something else had failed does not speak for the run. */
function isByFailFast({ stopped }: VerdictInput, failed: Failure): boolean {
  return stopped?.kind === 'fail-fast' && failed.kind === 'cancelled';
}

function firstByOrder(failures: readonly Failure[]): Failure | undefined {
  const rank = (failed: Failure) => failureOrder.indexOf(failed.kind);
  return [...failures].sort((a, b) => rank(a) - rank(b))[0];
}

/** Only a graph that can never be done leaves jobs out although none failed. */
function nothingFailed(): Failure {
  return failure('internal', 'Not every job could be run', {
    reason: 'the plan holds nodes whose dependencies can never be done',
  });
}
