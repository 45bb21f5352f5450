import { z } from 'zod';
import type { DeepReadonly } from './deep-readonly.js';
import { failureSchema } from './failure.js';
import { outputVersion, type OutputValue } from './outputs/output.js';
import { statusSchema } from './records/job-record.js';

const runLimitsSchema = z.object({
  /** Counted from the end of a run. */
  maxAgeSeconds: z.number().nullable(),
  maxRuns: z.number().nullable(),
  maxSizeBytes: z.number().nullable(),
});
/** What the runs of a state root are to be kept within; null: no limit. */
export type RunLimits = DeepReadonly<z.infer<typeof runLimitsSchema>>;

/** What is kept when no limit is given: a run goes only if it is neither. */
export const usualRetention = {
  newestRuns: 50,
  youngerThanSeconds: 30 * 24 * 3600,
} as const;

const runRemovalReasonSchema = z.enum(['too old', 'too many runs', 'too much on the disk']);
/** Why a run is removed. */
export type RunRemovalReason = z.infer<typeof runRemovalReasonSchema>;

const runKeepReasonSchema = z.enum([
  'pinned',
  'running',
  'leased',
  'resumable',
  'newest',
  'young',
  'within limits',
  'not removable',
]);
/**
 * Why a run stays. `running`: as its record says; `leased`: something of it may be left outside of its directory, which
 * `sweep` removes; `resumable`: it was broken off, and is not too old to be gone on with; `not removable`: the system
 * refused it.
 */
export type RunKeepReason = z.infer<typeof runKeepReasonSchema>;

const runDecisionSchema = z.object({
  runId: z.string(),
  targetId: z.string().nullable(),
  status: statusSchema,
  /** Its end; its beginning while it has none. */
  endedAt: z.string(),
  /** What its removal frees. */
  sizeBytes: z.number(),
  removal: runRemovalReasonSchema.nullable(),
  keep: runKeepReasonSchema.nullable(),
});
/** What becomes of a run; exactly one of the reasons is null. */
export type RunDecision = DeepReadonly<z.infer<typeof runDecisionSchema>>;

/** What a collection of old runs did, or would do. */
export const gcOutputSchema = z.object({
  ...outputVersion,
  dryRun: z.boolean(),
  /** Null: none was given, and the usual retention holds. */
  limits: runLimitsSchema.nullable(),
  /** Oldest first. */
  removed: z.array(runDecisionSchema),
  kept: z.array(runDecisionSchema),
  /** Records that cannot be read; their runs stay. */
  damaged: z.array(failureSchema),
  /** Absolute paths of what broken off removals left. */
  leftovers: z.array(z.string()),
  freedBytes: z.number(),
  keptBytes: z.number(),
  /** What could not be removed. */
  failures: z.array(failureSchema),
});
export type RunGarbageReport = OutputValue<typeof gcOutputSchema>;
