import type { Failure } from './failure.js';
import type { Status } from './records/job-record.js';

/** What the runs of a state root are to be kept within; null: no limit. */
export interface RunLimits {
  /** Counted from the end of a run. */
  readonly maxAgeSeconds: number | null;
  readonly maxRuns: number | null;
  readonly maxSizeBytes: number | null;
}

/** What is kept when no limit is given: a run goes only if it is neither. */
export const usualRetention = {
  newestRuns: 50,
  youngerThanSeconds: 30 * 24 * 3600,
} as const;

/** Why a run is removed. */
export type RunRemovalReason = 'too old' | 'too many runs' | 'too much on the disk';

/**
 * Why a run stays. `running`: as its record says; `leased`: something of it may be left outside of its directory, which
 * `sweep` removes; `resumable`: it was broken off, and is not too old to be gone on with; `not removable`: the system
 * refused it.
 */
export type RunKeepReason =
  | 'pinned'
  | 'running'
  | 'leased'
  | 'resumable'
  | 'newest'
  | 'young'
  | 'within limits'
  | 'not removable';

/** What becomes of a run; exactly one of the reasons is null. */
export interface RunDecision {
  readonly runId: string;
  readonly targetId: string | null;
  readonly status: Status;
  /** Its end; its beginning while it has none. */
  readonly endedAt: string;
  /** What its removal frees. */
  readonly sizeBytes: number;
  readonly removal: RunRemovalReason | null;
  readonly keep: RunKeepReason | null;
}

/** What a collection of old runs did, or would do. */
export interface RunGarbageReport {
  readonly dryRun: boolean;
  /** Null: none was given, and the usual retention holds. */
  readonly limits: RunLimits | null;
  /** Oldest first. */
  readonly removed: readonly RunDecision[];
  readonly kept: readonly RunDecision[];
  /** Records that cannot be read; their runs stay. */
  readonly damaged: readonly Failure[];
  /** Absolute paths of what broken off removals left. */
  readonly leftovers: readonly string[];
  readonly freedBytes: number;
  readonly keptBytes: number;
  /** What could not be removed. */
  readonly failures: readonly Failure[];
}
