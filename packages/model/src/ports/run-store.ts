import type { RunEvent } from '../event.js';
import type { Outcome } from '../failure.js';
import type { JobRecord } from '../records/job-record.js';
import type { PlanRecord } from '../records/plan-record.js';
import type { PreparedOutputsRecord } from '../records/prepared-outputs-record.js';
import type { RunRecord } from '../records/run-record.js';

/** Writes the records of one run. Each write is atomic; a later one replaces an earlier one. */
export interface RunWriter {
  writeRun(record: RunRecord): Promise<Outcome<void>>;
  writePlan(record: PlanRecord): Promise<Outcome<void>>;
  writePreparedOutputs(record: PreparedOutputsRecord): Promise<Outcome<void>>;
  /** Makes the job's directory and its empty logs. */
  createJob(jobId: string): Promise<Outcome<void>>;
  writeJob(record: JobRecord): Promise<Outcome<void>>;
  appendEvent(event: RunEvent): Promise<Outcome<void>>;
  /** Appends bytes to a log in the run's directory, in the order of the calls. Best effort; failures are kept for `close`. */
  appendLog(path: string, chunk: Uint8Array): void;
  /** Writes out what is still buffered; returns what could not be written. */
  close(): Promise<Outcome<void>>;
}

/** The records of all runs under one state root. */
export interface RunStore {
  /** Creates a run's directory and its first record. The writer keeps the owner's heartbeat fresh until it is closed. */
  create(record: RunRecord): Promise<Outcome<RunWriter>>;
  /** Newest first. Damaged records do not hide the others: they are returned as failures. */
  list(): Promise<Outcome<readonly Outcome<RunRecord>[]>>;
  /** By id, a unique beginning of one, or `latest`. */
  read(reference: string): Promise<Outcome<RunRecord>>;
  readPlan(runId: string): Promise<Outcome<PlanRecord>>;
  readPreparedOutputs(runId: string): Promise<Outcome<PreparedOutputsRecord | null>>;
  readEvents(runId: string): Promise<Outcome<readonly RunEvent[]>>;
}
