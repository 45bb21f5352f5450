import { failure, type Failure, type JobOutcome } from '@pikaci/model';

/** Why nothing starts any more, and why what runs is asked to end. */
export type StopCause =
  | { readonly kind: 'cancel'; readonly reason: string }
  /** The run's own limit is over. */
  | { readonly kind: 'timeout'; readonly seconds: number }
  /** Something failed, and the caller did not want to go on then. */
  | { readonly kind: 'fail-fast'; readonly failed: string };

/** Why an abort signal was aborted, in words. */
export function abortReason(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  if (reason instanceof Error) return reason.message;
  return typeof reason === 'string' ? reason : 'cancelled';
}

/** A cause in words, as they stand behind `cancelled:`. */
export function stopReason(cause: StopCause): string {
  switch (cause.kind) {
    case 'cancel':
      return cause.reason;
    case 'timeout':
      return `the run took longer than its limit of ${cause.seconds} s`;
    case 'fail-fast':
      return `fail-fast: ${cause.failed} failed`;
    default: {
      const never: never = cause;
      return never;
    }
  }
}

/** What a job says that was not started because of it. */
export function notRunMessage(cause: StopCause): string {
  return cause.kind === 'cancel'
    ? `not run because the run was cancelled: ${cause.reason}`
    : `not run because ${cause.kind === 'timeout' ? stopReason(cause) : `${cause.failed} failed (fail-fast)`}`;
}

/** The failure that speaks for a run that was stopped; null when what failed before speaks for it. */
export function stopFailure(cause: StopCause): Failure | null {
  switch (cause.kind) {
    case 'cancel':
      return failure('cancelled', 'The run was cancelled', { reason: cause.reason });
    case 'timeout':
      return failure('timeout', `The run took longer than its limit of ${cause.seconds} s`, {
        hint: 'Raise the limit (--timeout, or timeoutSeconds of the configuration), or run less at once.',
      });
    case 'fail-fast':
      return null;
    default: {
      const never: never = cause;
      return never;
    }
  }
}

/** The failure of a job that was ended, or not begun, because of it. */
export function stoppedJobFailure(cause: StopCause): Failure {
  return cause.kind === 'timeout'
    ? failure('timeout', stopReason(cause))
    : failure('cancelled', 'cancelled', { reason: stopReason(cause) });
}

/**
 * A command that was ended because of a stop did not fail by itself. One that has an exit code did, before the stop
 * reached it; other kinds of failure keep what the runtime says of them.
 */
export function stoppedOutcome(cause: StopCause | null, outcome: JobOutcome): JobOutcome {
  const kind = outcome.failure?.kind ?? 'job';
  const byStop =
    cause !== null &&
    outcome.verdict === 'failed' &&
    outcome.exitCode === null &&
    (kind === 'job' || kind === 'internal' || kind === 'cancelled');
  if (!byStop) return outcome;
  const failed = stoppedJobFailure(cause);
  return { ...outcome, message: failed.message, failure: failed };
}
