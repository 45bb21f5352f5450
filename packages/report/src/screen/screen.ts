/** Where a human reporter puts lines that stay, and shows what goes on. */
export interface Screen {
  /** Adds lines that stay. */
  print(lines: readonly string[]): void;
  /** Takes away what does not stay. Nothing is shown afterwards. */
  close(): void;
}

/** Calls back at an interval until the returned function is called. */
export type Ticker = (intervalMs: number, onTick: () => void) => () => void;

/** The machine's own timer; it keeps no process alive. */
export const systemTicker: Ticker = (intervalMs, onTick) => {
  const timer = setInterval(onTick, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
};
