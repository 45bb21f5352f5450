import { z } from 'zod';
import { recordCodec } from './codec.js';

/** Which content a workspace has, told without copying it. */
export interface SnapshotIdentity {
  /** 64 hex digits; names the snapshot's directory. */
  readonly hash: string;
  /** How the hash was made; a change of method is a change of this version. */
  readonly hashVersion: string;
  readonly sourceRoot: string;
  readonly gitHead: string | null;
  /**
   * False: a checkout of the head would give this very content. True: it would not, be it for a file that is not tracked,
   * or one that is ignored and `snapshot.include` takes in; what `snapshot.exclude` leaves out does not count, and files
   * that git was told not to look at do. Null: the workspace is not under git.
   */
  readonly gitDirty: boolean | null;
}

/** An immutable, content-addressed copy of a workspace. */
export interface Snapshot extends SnapshotIdentity {
  /** Absolute path of the tree. */
  readonly dir: string;
  /** True when a snapshot with this hash was there already. */
  readonly reused: boolean;
}

/** Name of the file that marks a complete snapshot; it lies at the top of the tree and is no part of its identity. */
export const snapshotMarkerName = 'pikaci-snapshot.json';

/** What the marker holds. `contentHash` is the snapshot's hash; `hashVersion` says how it was made. */
export const snapshotMarkerSchema = z.object({
  sourceRoot: z.string(),
  snapshotDir: z.string(),
  gitHead: z.string().nullable().default(null),
  gitDirty: z.boolean().nullable().default(null),
  createdAt: z.string(),
  contentHash: z.string().nullable().default(null),
  hashVersion: z.string().nullable().default(null),
});
export type SnapshotMarker = z.infer<typeof snapshotMarkerSchema>;

export const snapshotMarkerCodec = recordCodec('snapshot marker', snapshotMarkerSchema);
