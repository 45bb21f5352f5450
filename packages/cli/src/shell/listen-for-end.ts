import type { SignalSource } from '../signals/cancel-on-signals.js';

/** What ends a shell from outside. */
export interface ShellEnding {
  /** Aborted by SIGTERM, and by SIGHUP, which is that of a terminal that closes. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/** Listens for signals while a shell is open. Ctrl-C is the shell's own: SIGINT is heard, and does nothing. */
export function listenForEnd(source: SignalSource): ShellEnding {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const leave = (): void => undefined;
  source.on('SIGTERM', end);
  source.on('SIGHUP', end);
  source.on('SIGINT', leave);
  return {
    signal: ending.signal,
    dispose: () => {
      source.off('SIGTERM', end);
      source.off('SIGHUP', end);
      source.off('SIGINT', leave);
    },
  };
}
