import { z } from 'zod';
import type { DeepReadonly } from '../deep-readonly.js';
import { outputVersion } from './output.js';
import { payloadUserSchema } from './payload-outputs.js';

const payloadDifferenceSchema = z.object({
  /** Relative to the payload's root; `.` for the root itself. */
  path: z.string(),
  what: z.enum(['changed', 'mode changed', 'missing', 'added']),
});
/** One path on which a payload is not what it was when it was built. */
export type PayloadDifference = DeepReadonly<z.infer<typeof payloadDifferenceSchema>>;

const payloadVerdictSchema = z.enum(['ok', 'damaged', 'gone', 'unknown']);
/**
 * What came of a comparison with the digest. `gone`: the output lay outside of the store and has vanished.
 * `unknown`: an earlier version built it, and recorded no digest.
 */
export type PayloadVerdict = z.infer<typeof payloadVerdictSchema>;

const payloadVerificationSchema = z.object({
  contentKey: z.string(),
  /** Null when it has no record that could be read. */
  payloadId: z.string().nullable(),
  verdict: payloadVerdictSchema,
  /** Why it is not `ok`; null when it is. */
  reason: z.string().nullable(),
  /** The first of the paths that differ. */
  differences: z.array(payloadDifferenceSchema),
  /** How many there are. */
  differenceCount: z.number(),
});
/** What a payload was found to be. */
export type PayloadVerification = DeepReadonly<z.infer<typeof payloadVerificationSchema>>;

const verifiedPayloadSchema = payloadVerificationSchema.extend({
  /** True when it was removed because it is not what it was. */
  removed: z.boolean(),
  /** Those who kept it from being removed. */
  users: z.array(payloadUserSchema),
});
/** A payload that was verified, and what was done about it. */
export type VerifiedPayload = DeepReadonly<z.infer<typeof verifiedPayloadSchema>>;

/** What came of comparing payloads with what they were when they were built. */
export const payloadVerifyOutputSchema = z.object({
  ...outputVersion,
  payloads: z.array(verifiedPayloadSchema),
});
