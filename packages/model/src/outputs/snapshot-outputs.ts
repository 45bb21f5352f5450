import { z } from 'zod';
import { outputVersion, type OutputValue } from './output.js';

/** A snapshot, where it lies, and which runs were on it. */
export const snapshotShowOutputSchema = z.object({
  ...outputVersion,
  hash: z.string(),
  hashVersion: z.string().nullable(),
  /** This and the head are those of the run that was named; where none was, of the one that took the snapshot. */
  sourceRoot: z.string(),
  gitHead: z.string().nullable(),
  gitDirty: z.boolean().nullable(),
  createdAt: z.string(),
  dir: z.string(),
  fileCount: z.number(),
  linkCount: z.number(),
  sizeBytes: z.number(),
  /** Ids of the runs that were on it, newest first. */
  runs: z.array(z.string()),
});
export type ShownSnapshot = OutputValue<typeof snapshotShowOutputSchema>;

/** What a snapshot taken now would be. */
export const snapshotHashOutputSchema = z.object({
  ...outputVersion,
  hash: z.string(),
  hashVersion: z.string(),
  sourceRoot: z.string(),
  gitHead: z.string().nullable(),
  /** Null: the workspace is not under git. */
  gitDirty: z.boolean().nullable(),
});

/** A hash of the earlier record format. */
export const contentHashOutputSchema = z.object({
  ...outputVersion,
  contentHash: z.string(),
  hashVersion: z.literal('v1'),
  /** What was left out by name; null for a whole tree. */
  profile: z.string().nullable(),
});

const sideSchema = z.object({
  hash: z.string(),
  /** The run by which it was named; null when it was named by its hash. */
  runId: z.string().nullable(),
});

/** What differs between two snapshots, in the order of the paths' bytes. */
export const snapshotDiffOutputSchema = z.object({
  ...outputVersion,
  before: sideSchema,
  after: sideSchema,
  same: z.boolean(),
  counts: z.object({
    added: z.number(),
    removed: z.number(),
    modified: z.number(),
    mode: z.number(),
  }),
  changes: z.array(
    z.object({
      path: z.string(),
      /** The bytes of a path that is no UTF-8; null for all others. */
      pathBase64: z.string().nullable(),
      /** `mode`: the content is the same, and the executable bit another; `modified`: anything else. */
      change: z.enum(['added', 'removed', 'modified', 'mode']),
      modeBefore: z.string().nullable(),
      modeAfter: z.string().nullable(),
    }),
  ),
});
