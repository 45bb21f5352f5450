import type { RuntimeId } from '../config/runtime-config.js';
import type { Failure, Outcome } from '../failure.js';
import type { PlannedJob } from '../plan.js';
import type { JobPayloadRecord, PhaseName, RemoteLinuxVmExecution } from '../records/job-record.js';
import type { JobServiceRecord } from '../records/service-record.js';
import type { Masker } from './masker.js';
import type { PreparedPayload } from './payload-store.js';
import type { ProcessOwner } from './process-owner.js';
import type { JobSecretValue } from './secrets.js';
import type { ShellEnd, ShellRequest } from './shell.js';

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
  /** Counts from 1. Each attempt begins from nothing, with empty logs. */
  readonly attempt: number;
  /** One for each of `job.secrets`, in the same order. */
  readonly secrets: readonly JobSecretValue[];
  /** What the command prints goes through it before it is written or passed on. */
  readonly masker: Masker;
  /** For the command's variable `TRACEPARENT`, so that what it runs can go on with the run's trace; absent without one. */
  readonly traceparent?: string;
  /**
   * For how long, in seconds, the place of a job that fails by itself is to be kept, where a runtime can; null or absent:
   * it is removed with all others.
   */
  readonly keepSeconds?: number | null;
  /**
   * Aborted to cancel the job: the command is asked to end (SIGTERM), and ended by force when
   * `job.cancelGraceSeconds` are over. Nothing is left behind.
   */
  readonly signal: AbortSignal;
  /** Aborted, never before `signal`, when nobody wants to wait any more: the command is ended by force at once. */
  readonly force: AbortSignal;
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
  /** One for each service that was to be started; absent: none. */
  readonly services?: readonly JobServiceRecord[];
  /** Declared artifacts that were collected, relative to the artifacts directory. */
  readonly artifacts: readonly string[];
  /** Those of them that are the job's test reports. */
  readonly reports: readonly string[];
  readonly notes: readonly string[];
  /** Until when (RFC 3339) its place is kept, as it left it; absent when that is not. */
  readonly keptUntil?: string;
  /** Resolves when what the job held of its host, such as an instance, is free again. Never rejects. */
  readonly released: Promise<void>;
}

/** Something that a run left on a host, as its marks describe it. */
export interface Remains {
  readonly runId: string;
  /** The process that made it; null when the marks do not tell. */
  readonly owner: ProcessOwner | null;
}

export interface SweepRequest {
  /** True when nobody runs the run any more, and nobody will go on with it. Asked again right before a removal. */
  isAbandoned(remains: Remains): Promise<boolean>;
  /** Also removes what is kept for now; without it that stays until its time is over. */
  readonly removesKept?: boolean;
  readonly signal: AbortSignal;
}

/** The place of a job that failed, which is left alone for some time. */
export interface KeptPlace {
  readonly runId: string;
  readonly jobId: string;
  /** In words, such as `instance pikaci-…`. */
  readonly what: string;
  /** RFC 3339. */
  readonly until: string;
}

export interface SweepReport {
  /** What is gone now, in words, such as `instance pikaci-…`. */
  readonly removed: readonly string[];
  /** What could not be removed or looked at, and why. */
  readonly problems: readonly string[];
  /** What is kept on purpose, and was left alone. */
  readonly kept?: readonly KeptPlace[];
}

/** Runs jobs. One per runtime id, wired up by the command line. */
export interface Runtime {
  readonly id: RuntimeId;
  /** Checks what a job needs before anything is built for it. Called for each job that has a runtime node. */
  prepare(request: RuntimePrepareRequest): Promise<Outcome<void>>;
  /** Runs a job to its end. Enforces `job.timeoutSeconds` itself. Never rejects for an expected failure. */
  run(execution: JobExecution): Promise<JobOutcome>;
  /**
   * Goes on with an attempt that an earlier process began and did not see end: waits for it if it still runs, and takes
   * its result if it ended meanwhile. Null when nothing of it is left whose result can be told; what is left is removed.
   */
  attach(execution: JobExecution): Promise<JobOutcome | null>;
  /**
   * Makes again what a job had, opens a shell in it, and removes all of it when the shell has ended. A failure when the
   * shell could not be opened.
   */
  openShell(request: ShellRequest): Promise<Outcome<ShellEnd>>;
  /** Removes what runs of this state root left behind that nobody goes on with. */
  sweep(request: SweepRequest): Promise<SweepReport>;
  /** Waits for clean-up that goes on in the background, for example the deletion of instances. */
  close(): Promise<readonly string[]>;
}
