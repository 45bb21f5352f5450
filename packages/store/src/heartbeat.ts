/** How often a running record says that its owner lives. */
export const heartbeatIntervalMs = 10_000;

/** Calls back again and again until the returned function is called. */
export type Repeat = (callback: () => void, intervalMs: number) => () => void;

/** The machine's timer; it does not keep the process alive. */
export const systemRepeat: Repeat = (callback, intervalMs) => {
  const timer = setInterval(callback, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
};
