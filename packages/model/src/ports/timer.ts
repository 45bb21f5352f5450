/** Waiting, as a value that tests can drive. */
export interface Timer {
  /** Calls back once, when so many milliseconds are over. Returns what takes that back. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The longest that `setTimeout` can wait: 2^31 - 1 ms, about 24 days; what is longer would be over at once. */
const longestMs = 2 ** 31 - 1;

/** The machine's own timer. It keeps the process alive. */
export const systemTimer: Timer = {
  after: (delayMs, callback) => {
    let leftMs = delayMs;
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      const partMs = Math.min(leftMs, longestMs);
      leftMs -= partMs;
      timer = setTimeout(leftMs > 0 ? wait : callback, partMs);
    };
    wait();
    return () => clearTimeout(timer);
  },
};
