import type { Timer } from '@pikaci/model';

/** Waits so many milliseconds. Resolves earlier, with false, when the signal is aborted. */
export function pause(timer: Timer, delayMs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const stop = timer.after(delayMs, () => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    });
    const onAbort = () => {
      stop();
      resolve(false);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Waits for something. Resolves earlier, with false, when the signal is aborted. */
export function unlessAborted(wait: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = () => resolve(false);
    signal.addEventListener('abort', onAbort, { once: true });
    const done = () => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    };
    wait.then(done, done);
  });
}
