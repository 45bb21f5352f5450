import { setTimeout as delay } from 'node:timers/promises';

/** Time as the retries see it, so that tests need not wait. */
export interface Clock {
  /** Milliseconds that only ever grow. */
  now(): number;
  /** Resolves after the time, or earlier when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  async sleep(milliseconds, signal) {
    try {
      await delay(milliseconds, undefined, signal ? { signal } : {});
    } catch (error) {
      // An aborted sleep simply ends; whoever slept looks at the signal.
      if (!signal?.aborted) throw error;
    }
  },
};
