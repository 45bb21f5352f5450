import type { Outcome } from '../failure.js';
import type { Snapshot, SnapshotIdentity } from '../snapshot.js';

/** Turns a workspace into an immutable, content-addressed copy. */
export interface SnapshotStore {
  /** Tells the content without leaving anything on disk. */
  identify(workspaceRoot: string, signal?: AbortSignal): Promise<Outcome<SnapshotIdentity>>;
  /** Makes the copy, or finds the one with the same content. */
  take(workspaceRoot: string, signal?: AbortSignal): Promise<Outcome<Snapshot>>;
  /** Returns when nothing that was begun beside other work goes on any more. */
  close(): Promise<void>;
}
