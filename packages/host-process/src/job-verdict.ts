import { constants } from 'node:os';
import {
  describeFailure,
  exitFailure,
  failure,
  type CommandVerdict,
  type Failure,
} from '@pikaci/model';
import type { CommandResult } from '@pikaci/host';

/** How a job ended, before its files are collected. */
export type JobVerdict = CommandVerdict;

/** The verdict on a job whose command ran. */
export function commandVerdict(result: CommandResult, timeoutSeconds: number): JobVerdict {
  switch (result.ending) {
    case 'timed-out':
      return failedVerdict(timeoutFailure(timeoutSeconds));
    case 'aborted':
      return cancelledVerdict();
    case 'signalled':
      return signalVerdict(result.signal);
    case 'exited':
      return exitVerdict(result.exitCode);
    default: {
      const never: never = result.ending;
      return never;
    }
  }
}

/** The verdict on a job that failed in another way than by its exit code. */
export function failedVerdict(failed: Failure): JobVerdict {
  return { exitCode: null, message: describeFailure(failed), failure: failed };
}

export function cancelledVerdict(): JobVerdict {
  return failedVerdict(failure('cancelled', 'cancelled'));
}

function timeoutFailure(timeoutSeconds: number): Failure {
  return failure('timeout', `timed out after ${timeoutSeconds}s`, {
    hint: 'Raise timeoutSeconds of the job if it needs more time.',
  });
}

function exitVerdict(exitCode: number | null): JobVerdict {
  if (exitCode === 0) return { exitCode, message: 'passed', failure: null };
  const failed = exitFailure(exitCode);
  return { exitCode, message: failed.message, failure: failed };
}

/** As shells do it: 128 and the signal's number. */
function signalVerdict(signal: string | null): JobVerdict {
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0;
  const message = `was ended by ${signal ?? 'a signal'}`;
  return { exitCode: 128 + number, message, failure: failure('job', message) };
}
