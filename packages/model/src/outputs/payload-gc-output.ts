import { z } from 'zod';
import type { DeepReadonly } from '../deep-readonly.js';
import { failureSchema } from '../failure.js';
import { removalReasonSchema } from '../records/removed-payload-record.js';
import { outputVersion, type OutputValue } from './output.js';
import { damagedPayloadSchema, payloadUserSchema } from './payload-outputs.js';

const payloadCacheLimitsSchema = z.object({
  maxSizeBytes: z.number().nullable(),
  minFreeBytes: z.number().nullable(),
  maxAgeSeconds: z.number().nullable(),
});
/** What the store is to be kept within; null: no limit. */
export type PayloadCacheLimits = DeepReadonly<z.infer<typeof payloadCacheLimitsSchema>>;

const garbageDecisionSchema = z.object({
  contentKey: z.string(),
  payloadId: z.string(),
  /** What its removal frees: nothing for an output that lies outside of the store. */
  sizeBytes: z.number(),
  lastUsedAt: z.string(),
  users: z.array(payloadUserSchema),
  /** Runs of which instances are kept that have it mounted. */
  keptForRuns: z.array(z.string()),
  /** Null: it stays. */
  removal: removalReasonSchema.nullable(),
});
/** What becomes of a payload when garbage is collected. */
export type GarbageDecision = DeepReadonly<z.infer<typeof garbageDecisionSchema>>;

const payloadLeftoversSchema = z.object({
  stagingDirectories: z.array(z.string()),
  locks: z.array(z.string()),
  leases: z.array(z.string()),
});
/** What dead processes have left beside the payloads, as absolute paths. */
export type PayloadLeftovers = DeepReadonly<z.infer<typeof payloadLeftoversSchema>>;

/** What a collection of garbage did, or would do. */
export const payloadGcOutputSchema = z.object({
  ...outputVersion,
  dryRun: z.boolean(),
  limits: payloadCacheLimitsSchema,
  /** In the order in which they go. */
  removed: z.array(garbageDecisionSchema),
  kept: z.array(garbageDecisionSchema),
  damaged: z.array(damagedPayloadSchema),
  leftovers: payloadLeftoversSchema,
  freedBytes: z.number(),
  /** What all payloads that stay take. */
  keptBytes: z.number(),
  /** Free on the disk of the store before anything was removed. */
  freeBytes: z.number(),
  /** What could not be removed. */
  failures: z.array(failureSchema),
});
export type GarbageReport = OutputValue<typeof payloadGcOutputSchema>;
