import type { RunEvent } from '../event.js';
import type { Outcome } from '../failure.js';
import type { JobRecord } from '../records/job-record.js';
import type { PlanRecord } from '../records/plan-record.js';
import type { PreparedOutputsRecord } from '../records/prepared-outputs-record.js';
import type { RunRecord } from '../records/run-record.js';
import type { RunRequestRecord } from '../records/run-request-record.js';

/** Writes the records of one run. Each write is atomic; a later one replaces an earlier one. */
export interface RunWriter {
  writeRun(record: RunRecord): Promise<Outcome<void>>;
  writePlan(record: PlanRecord): Promise<Outcome<void>>;
  writePreparedOutputs(record: PreparedOutputsRecord): Promise<Outcome<void>>;
  /** Makes the job's directory and its empty logs. */
  createJob(jobId: string): Promise<Outcome<void>>;
  writeJob(record: JobRecord): Promise<Outcome<void>>;
  /**
   * Puts the logs, the record and the artifacts of a job's attempt aside, below `attempts/<n>`, and makes the job's
   * directory ready for the next one.
   */
  setAttemptAside(jobId: string, attempt: number): Promise<Outcome<void>>;
  /** Calls back for each request that is left for this run, once, in the order of arrival; also for those there already. */
  onRequest(listener: (request: RunRequestRecord) => void): () => void;
  appendEvent(event: RunEvent): Promise<Outcome<void>>;
  /** Appends bytes to a log in the run's directory, in the order of the calls. Best effort; failures are kept for `close`. */
  appendLog(path: string, chunk: Uint8Array): void;
  /** Writes out what is still buffered; returns what could not be written. */
  close(): Promise<Outcome<void>>;
}

/** A run that another process began, and that is this process's now. */
export interface AdoptedRun {
  readonly record: RunRecord;
  readonly events: readonly RunEvent[];
  readonly writer: RunWriter;
}

/** The records of all runs under one state root. */
export interface RunStore {
  /** Creates a run's directory and its first record. The writer keeps the owner's heartbeat fresh until it is closed. */
  create(record: RunRecord): Promise<Outcome<RunWriter>>;
  /**
   * Takes a run over whose process is gone, or one that has ended. A torn last line of its events is cut off.
   * @returns null when a living process owns it, also one that is just taking it over
   */
  adopt(runId: string): Promise<Outcome<AdoptedRun | null>>;
  /** Leaves a request for the process that owns the run. */
  request(runId: string, request: RunRequestRecord): Promise<Outcome<void>>;
  /** Newest first. Damaged records do not hide the others: they are returned as failures. */
  list(): Promise<Outcome<readonly Outcome<RunRecord>[]>>;
  /** By id, a unique beginning of one, `latest` or `latest-failed`. */
  read(reference: string): Promise<Outcome<RunRecord>>;
  readPlan(runId: string): Promise<Outcome<PlanRecord>>;
  readPreparedOutputs(runId: string): Promise<Outcome<PreparedOutputsRecord | null>>;
  readEvents(runId: string): Promise<Outcome<readonly RunEvent[]>>;
}
