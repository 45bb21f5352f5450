import type { PayloadMode, WorkspaceMode } from './config/job-config.js';

/** Where a payload is materialised for one job, and the prefix of the device names derived from it. */
export interface StagedPayloadMount {
  /** Absolute path on the local host: a link to the payload in the store. */
  readonly localMountPath: string;
  readonly devicePrefix: string;
  /** What the job may do with the payload's mounts. */
  readonly mode: PayloadMode;
}

/** A writable directory that jobs of several runs share. Named in configuration only. */
export interface SharedCache {
  readonly name: string;
  readonly hostDir: string;
  readonly guestPath: string;
}

/** All host-side paths of one job. Every path is absolute. */
export interface HostContext {
  readonly sourceRoot: string;
  /** The tree the job runs on, or the lower layer of it. Never written to. */
  readonly workspaceSnapshotDir: string;
  readonly workspaceSnapshotHash: string;
  readonly workspaceMode: WorkspaceMode;
  readonly workspaceReadOnly: boolean;
  readonly jobDir: string;
  readonly artifactsDir: string;
  /** pikaci's own lines about this job. */
  readonly hostLogPath: string;
  /** What the job's command printed. */
  readonly guestLogPath: string;
  /** In the order in which the job declares its payloads; empty for a job without any. */
  readonly stagedPayloadMounts: readonly StagedPayloadMount[];
  readonly sharedCaches: readonly SharedCache[];
}
