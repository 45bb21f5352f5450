import type { Result } from '@pikaci/model';
import type { CommandEnding } from './command-ending.js';
import { endByRequest } from './end-by-request.js';
import { followCommand, type FollowProblem, type FollowRequest } from './follow-command.js';
import type { CommandLimits } from './supervisor-script.js';

/** Longer timers fire at once (they are 32-bit numbers). */
const longestTimerMs = 2 ** 31 - 1;

/** How much later than the supervisor in the guest the host gives a command up, in ms, unless set. */
export const usualSlackMs = 15_000;

/** Why the host did not wait for the command any longer; null: it did. */
export type GaveUp = 'timeout' | 'cancelled' | null;

/** A command to follow, and what ends it. */
export interface LimitedFollow extends Omit<FollowRequest, 'signal'> {
  readonly limits: CommandLimits;
  /** Aborted: the command is asked to end, and the grace begins. */
  readonly cancel: AbortSignal;
  /** Aborted: nobody waits any more. */
  readonly force: AbortSignal;
  /** How much later than the guest the host's own deadlines are, in ms. */
  readonly slackMs: number;
}

/**
 * Follows a command to its end. The guest ends it itself when its time or, after a request, its grace is over; the host
 * waits a little longer and then gives up, since a guest may have nobody left who does that.
 */
export async function followWithinLimits(
  request: LimitedFollow,
): Promise<{ readonly followed: Result<CommandEnding, FollowProblem>; readonly gaveUp: GaveUp }> {
  const { limits, cancel, force, slackMs } = request;
  const given = new AbortController();
  let gaveUp: GaveUp = null;
  const giveUp = (why: GaveUp) => {
    gaveUp ??= why;
    given.abort();
  };
  const timers = [
    after((limits.timeoutSeconds + limits.graceSeconds) * 1000 + slackMs, () => {
      giveUp('timeout');
    }),
  ];
  const asked: Promise<void>[] = [];
  const stopListening = [
    onAbort(cancel, () => {
      timers.push(
        after(limits.graceSeconds * 1000 + slackMs, () => {
          giveUp('cancelled');
        }),
      );
      asked.push(endByRequest({ ...request, signal: given.signal }));
    }),
    onAbort(force, () => {
      giveUp('cancelled');
    }),
  ];
  try {
    const followed = await followCommand({ ...request, signal: given.signal });
    return { followed, gaveUp };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    for (const stop of stopListening) stop();
    given.abort();
    await Promise.all(asked);
  }
}

function after(milliseconds: number, then: () => void): NodeJS.Timeout {
  return setTimeout(then, Math.min(milliseconds, longestTimerMs));
}

/** Calls back once, at once when the signal is aborted already. Returns what takes that back. */
function onAbort(signal: AbortSignal, then: () => void): () => void {
  if (signal.aborted) {
    then();
    return () => undefined;
  }
  signal.addEventListener('abort', then, { once: true });
  return () => {
    signal.removeEventListener('abort', then);
  };
}
