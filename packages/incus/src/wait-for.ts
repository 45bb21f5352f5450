import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or less when the signal says so. */
export async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    // Aborted: the caller looks at the signal.
  }
}
