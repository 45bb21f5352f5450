import { fail, type Outcome } from '@pikaci/model';

/** When a build that runs in this process has to stop. */
export interface EndOfBuild {
  /** Raised when the build is cancelled or its time is up. */
  readonly signal: AbortSignal;
  /** What has ended the build, once the signal is raised. */
  failure(payloadId: string): Outcome<never>;
  /** Gives up the timer. */
  forget(): void;
}

/** Longer timers fire at once (they are 32-bit numbers). */
const longestTimerMs = 2 ** 31 - 1;

/** Ends a build by its signal or after its time limit, whichever is first. */
export function endOfBuild(cancel: AbortSignal, timeoutSeconds: number): EndOfBuild {
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(), Math.min(timeoutSeconds * 1000, longestTimerMs));
  return {
    signal: AbortSignal.any([cancel, timeUp.signal]),
    failure: (payloadId) =>
      cancel.aborted ? cancelledBuild(payloadId) : timedOutBuild(payloadId, timeoutSeconds),
    forget: () => clearTimeout(timer),
  };
}

/** The failure of a build that was cancelled. */
export function cancelledBuild(payloadId: string): ReturnType<typeof fail> {
  return fail('cancelled', `The build of payload "${payloadId}" was cancelled`);
}

/** The failure of a build that took too long. */
export function timedOutBuild(
  payloadId: string,
  timeoutSeconds: number,
  reason?: string,
): ReturnType<typeof fail> {
  return fail(
    'timeout',
    `The build of payload "${payloadId}" was ended after ${timeoutSeconds} s`,
    {
      ...(reason === undefined ? {} : { reason }),
      hint: `Raise timeoutSeconds of payload "${payloadId}" if the build needs longer.`,
    },
  );
}
