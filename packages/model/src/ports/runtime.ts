import type { RuntimeId } from '../config/runtime-config.js';
import type { Failure, Outcome } from '../failure.js';
import type { PlannedJob } from '../plan.js';
import type { JobPayloadRecord, PhaseName, RemoteLinuxVmExecution } from '../records/job-record.js';
import type { PreparedPayload } from './payload-store.js';

export interface RuntimePrepareRequest {
  readonly runId: string;
  readonly jobId: string;
  readonly signal: AbortSignal;
}

/** Everything a runtime needs for one job. */
export interface JobExecution {
  readonly runId: string;
  readonly job: PlannedJob;
  /** One for each of `job.hostContext.stagedPayloadMounts`, in the same order. */
  readonly payloads: readonly PreparedPayload[];
  /** Aborted to cancel the job: the command is ended and nothing is left behind. */
  readonly signal: AbortSignal;
  readonly observer: JobObserver;
}

export type OutputStream = 'stdout' | 'stderr';

/** Hears what happens while a job runs. Calls never throw and never wait. */
export interface JobObserver {
  /** What the command prints, as it comes. The runtime itself writes it to the job's guest log. */
  onOutput(stream: OutputStream, chunk: Uint8Array): void;
  /** A step began. */
  onPhase(phase: PhaseName): void;
  /** A line for the job's host log, without a line end. */
  onLog(line: string): void;
}

/** How a job ended. The verdict is final; what went wrong after it is in `notes`. */
export interface JobOutcome {
  readonly verdict: 'passed' | 'failed';
  /** Null when the command did not end by itself. */
  readonly exitCode: number | null;
  readonly message: string;
  /** Null exactly when the verdict is `passed`. */
  readonly failure: Failure | null;
  readonly execution: RemoteLinuxVmExecution | null;
  readonly payloads: readonly JobPayloadRecord[];
  /** Declared artifacts that were collected, relative to the artifacts directory. */
  readonly artifacts: readonly string[];
  readonly notes: readonly string[];
}

/** Runs jobs. One per runtime id, wired up by the command line. */
export interface Runtime {
  readonly id: RuntimeId;
  /** Checks what a job needs before anything is built for it. Called for each job that has a runtime node. */
  prepare(request: RuntimePrepareRequest): Promise<Outcome<void>>;
  /** Runs a job to its end. Enforces `job.timeoutSeconds` itself. Never rejects for an expected failure. */
  run(execution: JobExecution): Promise<JobOutcome>;
  /** Waits for clean-up that goes on in the background, for example the deletion of instances. */
  close(): Promise<readonly string[]>;
}
