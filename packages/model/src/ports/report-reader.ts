import type { Outcome } from '../failure.js';
import type { TestResults } from '../records/test-results.js';
import type { Masker } from './masker.js';

/** The report files of one attempt of a job. */
export interface ReadReportsRequest {
  /** Where the files are: the job's artifacts directory. */
  readonly dir: string;
  /** Relative to `dir`, in order. */
  readonly paths: readonly string[];
  /** The tree the job ran on: a report that is in it, byte for byte, was not written by the job. */
  readonly snapshotDir: string;
  /** Goes over texts before they are cut, so that no part of a secret is left at the end of one. */
  readonly masker: Masker;
  /** Aborted when nobody wants to wait any more. */
  readonly signal: AbortSignal;
}

/** What was read, and what the reader should know. */
export interface ReadReports {
  /** Null when nothing could be read of any report. */
  readonly results: TestResults | null;
  readonly notes: readonly string[];
}

/** Reads the test reports that jobs write. What is in them is the job's: nothing of it can make a reader fail. */
export interface ReportReader {
  /** A report that cannot be read, or not to its end, is a note. */
  read(request: ReadReportsRequest): Promise<Outcome<ReadReports>>;
}
