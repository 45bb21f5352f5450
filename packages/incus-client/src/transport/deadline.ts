import type { CallOptions } from '../call-options.js';
import type { IncusError } from '../incus-error.js';

/** The signal of one call: aborted by the caller or by the call's time limit, and able to say by which. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** The error to report once the signal is aborted, undefined before. */
  failure(request: string): IncusError | undefined;
  /** Starts the time limit anew, for transfers that are limited by silence. */
  renew(): void;
  /** Must be called when the call ends: a left timer would keep the process alive. */
  dispose(): void;
}

/** Starts the time limit of a call; without a limit only the caller's signal counts. */
export function startDeadline(options: CallOptions, defaultMs: number | undefined): Deadline {
  const timeoutMs = options.timeoutMs ?? defaultMs;
  const controller = new AbortController();
  let timedOut = false;
  const onAbort = (): void => controller.abort();
  const onTimeout = (): void => {
    timedOut = true;
    controller.abort();
  };
  const start = (): NodeJS.Timeout | undefined =>
    timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs);
  let timer = start();
  if (options.signal?.aborted) onAbort();
  options.signal?.addEventListener('abort', onAbort, { once: true });

  return {
    signal: controller.signal,
    failure(request) {
      if (!controller.signal.aborted) return undefined;
      return timedOut && timeoutMs !== undefined
        ? { kind: 'timeout', timeoutMs, request, message: 'the time limit passed' }
        : { kind: 'aborted', request, message: 'the caller gave up' };
    },
    renew() {
      clearTimeout(timer);
      if (!controller.signal.aborted) timer = start();
    },
    dispose() {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
    },
  };
}
