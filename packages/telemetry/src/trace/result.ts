import { constants } from 'node:os';
import { describeFailure, type Failure, type FailureKind, type Status } from '@pikaci/model';

/** How something ended, in the words of the conventions for CI systems. */
export type Result = 'success' | 'failure' | 'error' | 'timeout' | 'cancellation' | 'skip';

/** What records say of an end. */
export interface RecordedEnd {
  readonly status: Status;
  readonly failureKind: FailureKind | null;
  readonly failure: Failure | null;
  readonly message: string | null;
}

/** The result that a recorded end is. A failure of the machine is an `error`, one of the tests a `failure`. */
export function resultOf({ status, failureKind }: RecordedEnd): Result {
  if (status === 'passed') return 'success';
  if (status === 'skipped') return 'skip';
  if (status === 'running') return 'error';
  switch (failureKind) {
    case null:
    case 'job':
    case 'payload':
      return 'failure';
    case 'timeout':
      return 'timeout';
    case 'cancelled':
      return 'cancellation';
    case 'config':
    case 'selection':
    case 'snapshot':
    case 'infrastructure':
    case 'internal':
      return 'error';
    default: {
      const never: never = failureKind;
      return never;
    }
  }
}

/** The class of a failure, for `error.type`; null: none. */
export function errorType({ status, failureKind }: RecordedEnd): string | null {
  if (status === 'running') return 'infrastructure';
  return status === 'failed' ? (failureKind ?? 'job') : null;
}

/** Why something failed, in one line; null: it did not. */
export function errorText({ status, failure, message }: RecordedEnd): string | null {
  if (status === 'running') return 'its process ended before it did';
  if (status !== 'failed') return null;
  return failure === null ? (message ?? 'failed') : describeFailure(failure);
}

/** Shells tell of a command that a signal ended by 128 and the signal's number, and so do both runtimes. */
const signalBase = 128;

/** The signal that an exit code tells of, such as `SIGKILL`; null: none. */
export function signalOf(exitCode: number | null): string | null {
  if (exitCode === null || exitCode <= signalBase) return null;
  const found = Object.entries(constants.signals).find(
    ([, number]) => number === exitCode - signalBase,
  );
  return found?.[0] ?? null;
}
