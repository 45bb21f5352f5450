import type { Clock, OutputStream, RunEvent } from '@pikaci/model';
import { createGithubReporter } from './github/github-reporter.js';
import { createHumanReporter } from './human/human-reporter.js';
import { createQuietReporter } from './human/quiet-reporter.js';
import { createJsonReporter } from './json/json-reporter.js';
import { createJsonlReporter } from './json/jsonl-reporter.js';
import { createTextSink, type TextOutput } from './output/text-sink.js';
import type { Ticker } from './screen/screen.js';
import type { Symbols } from './text/symbols.js';

/** How a run is reported. */
export const outputFormats = ['human', 'quiet', 'github', 'json', 'jsonl'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** True for the formats in which standard output is for a program, and holds JSON alone. */
export function isForPrograms(format: OutputFormat): boolean {
  return format === 'json' || format === 'jsonl';
}

/** Hears everything of one run, in order. Calls never throw and never wait. */
export interface Reporter {
  onEvent(event: RunEvent): void;
  /** What a job's command prints, as it comes. */
  onOutput(jobId: string, stream: OutputStream, chunk: Uint8Array): void;
  /** What the preparation of a payload or runtime prints, as it comes. */
  onPrepareOutput(nodeId: string, chunk: Uint8Array): void;
  /** Something that a person should know, and that stops nothing. Programs find it in the logs. */
  onWarning(text: string): void;
  /** Takes away what does not stay on a screen, and stops its timer. Call it however the run ended. */
  close(): void;
}

/** What a reporter writes to, and how. */
export interface ReporterOptions {
  readonly format: OutputFormat;
  readonly stdout: TextOutput;
  /** True when `stdout` is a terminal that can move its cursor: then progress is drawn live. */
  readonly isTerminal: boolean;
  readonly color: boolean;
  /** The signs that the terminal can show; those of today unless set. */
  readonly symbols?: Symbols;
  /** The terminal's width; asked anew for each drawing. */
  readonly columns: () => number;
  /** The terminal's height; asked anew for each drawing. */
  readonly rows: () => number;
  /** Also shows what jobs and builds print, as it comes. */
  readonly verbose: boolean;
  readonly clock: Clock;
  readonly ticker: Ticker;
  /** Absolute path of the run's record, for the summary. */
  readonly recordPath: string | null;
}

/** The reporter of a format. A new format is one file and one line here. */
export function createReporter(options: ReporterOptions): Reporter {
  const sink = createTextSink(options.stdout);
  switch (options.format) {
    case 'human':
      return createHumanReporter(options, sink);
    case 'quiet':
      return createQuietReporter(options, sink);
    case 'github':
      return createGithubReporter(options, sink);
    case 'json':
      return createJsonReporter(sink);
    case 'jsonl':
      return createJsonlReporter(sink);
    default: {
      const never: never = options.format;
      return never;
    }
  }
}
