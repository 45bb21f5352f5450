/** What a report is written to: `process.stdout`, or what a test collects. */
export interface TextOutput {
  /** Returns false when more waits to be read than is good; `drain` tells when that is over. */
  write(text: string): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'drain', listener: () => void): unknown;
}

/** Writes text and never fails: a reader that went away must not end a run. */
export interface TextSink {
  write(text: string): void;
  /** True while the reader is slower than what is written. What can be left out then should be. */
  readonly isFull: boolean;
  /** Calls back whenever the reader has caught up. */
  onDrain(listener: () => void): void;
}

/** Wraps an output so that a closed or broken one silently takes nothing more. */
export function createTextSink(output: TextOutput): TextSink {
  let open = true;
  let full = false;
  output.on('error', () => {
    open = false;
  });
  output.on('drain', () => {
    full = false;
  });
  return {
    write(text) {
      if (!open) return;
      try {
        full = output.write(text) === false;
      } catch {
        open = false;
      }
    },
    get isFull() {
      return open && full;
    },
    onDrain: (listener) => void output.on('drain', listener),
  };
}
