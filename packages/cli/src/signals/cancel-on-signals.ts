import type { Clock } from '@pikaci/model';

/**
 * Signals that end a run. SIGHUP is that of a terminal that closes: unheard, it would end pikaci at once and leave jobs
 * running, which have process groups of their own. (Node ignores no signal that `nohup` told it to, so nothing is lost.)
 */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type EndingSignal = (typeof endingSignals)[number];

/** Where signals come from: the process, or an emitter in tests. */
export interface SignalSource {
  on(signal: EndingSignal, listener: () => void): unknown;
  off(signal: EndingSignal, listener: () => void): unknown;
}

/**
 * One Ctrl-C often arrives more than once: from the terminal, which signals the whole process group, and again from a
 * parent such as npx or nx that passes it on. Signals within so many milliseconds of one that counted count as that one.
 */
export const sameSignalWithinMs = 500;

/** A run's way to be cancelled by signals. */
export interface Cancellation {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Aborted by the second one: nobody wants to wait for jobs that end with grace. */
  readonly force: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/** The first signal cancels, the second ends at once what runs, a third gives up. */
export function cancelOnSignals(options: {
  readonly source: SignalSource;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly onCancel: (signal: string) => void;
  readonly onForce: () => void;
  readonly onGiveUp: () => void;
}): Cancellation {
  const cancel = new AbortController();
  const force = new AbortController();
  let lastMs: number | null = null;
  const hear = (signal: EndingSignal) => {
    const nowMs = options.clock.monotonicMs();
    if (lastMs !== null && nowMs - lastMs < sameSignalWithinMs) return;
    lastMs = nowMs;
    const reason = new Error(`received ${signal}`);
    if (!cancel.signal.aborted) {
      options.onCancel(signal);
      cancel.abort(reason);
    } else if (!force.signal.aborted) {
      options.onForce();
      force.abort(reason);
    } else {
      options.onGiveUp();
    }
  };
  const listeners = endingSignals.map((signal) => ({ signal, listener: () => hear(signal) }));
  for (const { signal, listener } of listeners) options.source.on(signal, listener);
  return {
    signal: cancel.signal,
    force: force.signal,
    dispose: () => {
      for (const { signal, listener } of listeners) options.source.off(signal, listener);
    },
  };
}
