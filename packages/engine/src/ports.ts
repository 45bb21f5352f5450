import type {
  Clock,
  ConcurrencyGroups,
  OutputStream,
  PayloadStore,
  PikaciConfig,
  ReportReader,
  RunEvent,
  RunStore,
  RunTrace,
  Runtime,
  RuntimeId,
  SecretSources,
  Selection,
  Snapshot,
  SnapshotStore,
  Timer,
} from '@pikaci/model';
import type { RunLayout } from '@pikaci/paths';

/** The trace that a run is a part of. */
export interface RunTracing {
  /** For the record. */
  readonly trace: RunTrace;
  /** The W3C `traceparent` of an attempt of a job (from 1), for what it runs. */
  traceparentOf(jobId: string, attempt: number): string;
}

/** What is to be run, and how. */
export interface RunRequest {
  readonly runId: string;
  readonly createdAt: Date;
  readonly config: PikaciConfig;
  readonly selection: Selection;
  readonly layout: RunLayout;
  readonly workspaceRoot: string;
  /** The run that this one repeats, for the record. */
  readonly rerunOf?: string;
  /** The snapshot that is to be run on; the workspace's own is taken unless given. */
  readonly snapshot?: Snapshot;
  /** Given when the run's trace is to be exported. */
  readonly tracing?: RunTracing;
  /** Runs every job on this runtime, whatever the configuration says. */
  readonly runtime?: RuntimeId;
  /** Jobs at a time. */
  readonly jobLimit: number;
  /** The path filters that were asked, for the record. */
  readonly filters: readonly string[];
  /** The changed files that they were asked about, for the record. */
  readonly changedFiles: readonly string[];
  /** After the first failure (a job that is not tried again, a payload) nothing starts, and what runs is cancelled. */
  readonly failFast: boolean;
  /** For how long, in seconds, the place of a job that fails by itself is kept; null or absent: not at all. */
  readonly keepSeconds?: number | null;
  /** Most that the run may take; null: no limit. */
  readonly timeoutSeconds: number | null;
  /** Aborted to cancel the run; its reason (a text, or an error) is recorded. */
  readonly signal: AbortSignal;
  /** Aborted to end at once what runs, without grace. */
  readonly force: AbortSignal;
}

/** Hears what happens in a run. An exception of a reporter changes nothing. */
export interface RunReporter {
  onEvent(event: RunEvent): void;
  /** What a job's command prints. */
  onOutput(jobId: string, stream: OutputStream, chunk: Uint8Array): void;
  /** What the preparation of a payload prints. */
  onPrepareOutput(nodeId: string, chunk: Uint8Array): void;
  /** Something that a person should know, and that stops nothing. */
  onWarning(text: string): void;
}

/** Everything the engine uses of the world. */
export interface EnginePorts {
  readonly store: RunStore;
  readonly snapshots: SnapshotStore;
  readonly payloads: PayloadStore;
  readonly runtimes: ReadonlyMap<RuntimeId, Runtime>;
  readonly secrets: SecretSources;
  readonly reports: ReportReader;
  readonly groups: ConcurrencyGroups;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly reporter: RunReporter;
}
