import { failure, type Failure } from '@pikaci/model';
import type { Result } from '@pikaci/model';
import type { FollowProblem } from './follow-command.js';
import type { CommandEnding } from './supervisor-script.js';

/** What is known of a job when its command is over, or has to be. */
export interface JobVerdict {
  readonly exitCode: number | null;
  readonly message: string;
  /** Null when the job passed. */
  readonly failure: Failure | null;
}

/** Why the caller gave the command up; null when it did not. */
export type EndedBy = 'timeout' | 'cancelled' | null;

/** The verdict on a command that was followed to its end, or as far as it could be. */
export function judge(
  followed: Result<CommandEnding, FollowProblem>,
  endedBy: EndedBy,
  timeoutSeconds: number,
  instance: string,
): JobVerdict {
  if (followed.ok) return fromExitCode(followed.value.exitCode);
  if (endedBy === 'timeout') {
    return failed(
      failure('timeout', `timed out after ${timeoutSeconds}s`, {
        location: { instance },
        hint: 'Raise timeoutSeconds of the job, or find out what it waits for in its log.',
      }),
    );
  }
  if (endedBy === 'cancelled') return failed(cancelled(instance));
  const reason = followed.error.kind === 'lost' ? followed.error.reason : 'unknown';
  return failed(
    failure('infrastructure', 'the instance was lost while the job ran', {
      location: { instance },
      reason,
      hint: 'This is no verdict on the job: run it again.',
    }),
  );
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
  const message = `exited with ${exitCode}`;
  return { exitCode, message, failure: failure('job', message) };
}
