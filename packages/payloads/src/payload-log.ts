/** How many bytes of a build's output are kept for its failure. */
const tailBytes = 16 * 1024;
/** How many lines of it are told. */
const tailLines = 20;

/** Carries the build's output and pikaci's own lines to those who listen, and remembers the end of the output. */
export interface PayloadLog {
  /** One of pikaci's own lines, without the line end. */
  line(text: string): void;
  output(chunk: Uint8Array): void;
  /** The last lines of the output. */
  tail(): string;
}

export function createPayloadLog(onLog: (chunk: Uint8Array) => void): PayloadLog {
  let kept = Buffer.alloc(0);
  let atLineStart = true;
  return {
    line: (text) => {
      onLog(Buffer.from(`${atLineStart ? '' : '\n'}[pikaci] ${text}\n`));
      atLineStart = true;
    },
    output: (chunk) => {
      if (chunk.length === 0) return;
      onLog(chunk);
      atLineStart = chunk.at(-1) === 0x0a;
      kept = Buffer.concat([kept, chunk]);
      if (kept.length > tailBytes) kept = Buffer.from(kept.subarray(-tailBytes));
    },
    tail: () => kept.toString('utf8').trimEnd().split('\n').slice(-tailLines).join('\n'),
  };
}
