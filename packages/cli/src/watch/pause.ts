import type { Timer } from '@pikaci/model';

/** Waits so many milliseconds, or until the signal is aborted. Resolves with false then. */
export function pause(timer: Timer, delayMs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = () => {
      stop();
      signal.removeEventListener('abort', end);
      resolve(!signal.aborted);
    };
    const stop = timer.after(delayMs, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
