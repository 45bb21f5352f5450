/** The last lines of a stream. */
export interface LineTail {
  add(line: string): void;
  /** Oldest first. */
  readonly lines: readonly string[];
  /** How many lines went by before those that are kept. */
  readonly dropped: number;
}

/** Keeps the last `limit` lines. */
export function createLineTail(limit: number): LineTail {
  const lines: string[] = [];
  let dropped = 0;
  return {
    add(line) {
      lines.push(line);
      if (lines.length > limit) {
        lines.shift();
        dropped += 1;
      }
    },
    lines,
    get dropped() {
      return dropped;
    },
  };
}
