import type { RunRecord } from '@pikaci/model';

/** A run that has been, with what is needed of its logs to tell about it where they are not at hand. */
export interface RunDocument {
  readonly record: RunRecord;
  /** The last lines that each job printed, by the job's id; safe to show, without colours. */
  readonly logTails: ReadonlyMap<string, LogTail>;
}

/** The end of a job's log. */
export interface LogTail {
  /** Oldest first. */
  readonly lines: readonly string[];
  /** Whether there is more of it before these. */
  readonly isCut: boolean;
  /** Where the whole of it is. */
  readonly path: string;
}

/** The end of a log as text, with a first line that says where the rest is; empty without any output. */
export function logTailText(tail: LogTail | undefined): string {
  if (tail === undefined || tail.lines.length === 0) return '';
  const rest = tail.isCut ? [`… the whole log: ${tail.path}`] : [];
  return [...rest, ...tail.lines].join('\n');
}
