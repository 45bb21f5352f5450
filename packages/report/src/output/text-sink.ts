/** What a report is written to: `process.stdout`, or what a test collects. */
export interface TextOutput {
  write(text: string): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** Writes text and never fails: a reader that went away must not end a run. */
export interface TextSink {
  write(text: string): void;
}

/** Wraps an output so that a closed or broken one silently takes nothing more. */
export function createTextSink(output: TextOutput): TextSink {
  let open = true;
  output.on('error', () => {
    open = false;
  });
  return {
    write(text) {
      if (!open) return;
      try {
        output.write(text);
      } catch {
        open = false;
      }
    },
  };
}
