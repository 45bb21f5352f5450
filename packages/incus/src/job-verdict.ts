import {
  exitFailure,
  failure,
  type CommandVerdict,
  type Failure,
  type Result,
} from '@pikaci/model';
import type { CommandEnding } from './command-ending.js';
import type { FollowProblem } from './follow-command.js';
import type { GaveUp } from './follow-within-limits.js';

/** What is known of a job when its command is over, or has to be. */
export type JobVerdict = CommandVerdict;

/** All that a verdict depends on. */
export interface Evidence {
  readonly followed: Result<CommandEnding, FollowProblem>;
  readonly gaveUp: GaveUp;
  /** Somebody had asked to cancel the job. */
  readonly cancelled: boolean;
  /** What happened to the instance under a command that seems to have failed; null: nothing. */
  readonly instanceProblem: string | null;
  readonly timeoutSeconds: number;
  readonly instance: string;
}

/** The verdict on a command that was followed to its end, or as far as it could be. */
export function judge(evidence: Evidence): JobVerdict {
  const { followed, gaveUp, instance } = evidence;
  const reason = followed.ok ? followed.value.reason : gaveUp;
  if (reason === 'timeout') return failed(timedOut(evidence));
  if (reason === 'cancelled') return failed(cancelled(instance));
  if (!followed.ok && evidence.cancelled) return failed(cancelled(instance));
  if (followed.ok && evidence.instanceProblem === null)
    return fromExitCode(followed.value.exitCode);
  return failed(lost(evidence));
}

function timedOut({ timeoutSeconds, instance }: Evidence): Failure {
  return failure('timeout', `timed out after ${timeoutSeconds}s`, {
    location: { instance },
    hint: 'Raise timeoutSeconds of the job, or find out what it waits for in its log.',
  });
}

function lost({ followed, instanceProblem, instance }: Evidence): Failure {
  const followProblem =
    !followed.ok && followed.error.kind === 'lost' ? followed.error.reason : 'unknown';
  return failure('infrastructure', 'the instance was lost while the job ran', {
    location: { instance },
    reason: instanceProblem ?? followProblem,
    hint: 'This is no verdict on the job: run it again.',
  });
}

/** The failure of a job that somebody cancelled. */
export function cancelled(instance: string): Failure {
  return failure('cancelled', 'cancelled', { location: { instance } });
}

/** The verdict on a job that could not be run, or not to its end. */
export function failed(reason: Failure): JobVerdict {
  return { exitCode: null, message: reason.message, failure: reason };
}

function fromExitCode(exitCode: number): JobVerdict {
  if (exitCode === 0) return { exitCode, message: 'test passed', failure: null };
  const exited = exitFailure(exitCode);
  return { exitCode, message: exited.message, failure: exited };
}
