import type { RunReporter } from './ports.js';

/** A reporter whose exceptions go nowhere: whoever shows a run must not be able to break it. */
export function safeReporter(reporter: RunReporter): RunReporter {
  return {
    onEvent: (event) => quietly(() => reporter.onEvent(event)),
    onOutput: (jobId, stream, chunk) => quietly(() => reporter.onOutput(jobId, stream, chunk)),
    onWarning: (text) => quietly(() => reporter.onWarning(text)),
    onPrepareOutput: (nodeId, chunk) => quietly(() => reporter.onPrepareOutput(nodeId, chunk)),
  };
}

function quietly(report: () => void): void {
  try {
    report();
  } catch {
    // The records hold everything that was to be shown.
  }
}
