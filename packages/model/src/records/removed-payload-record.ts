import { z } from 'zod';
import { recordCodec } from '../codec.js';

/** Why a payload was removed from the store. */
export const removalReasonSchema = z.enum([
  'unused for too long',
  'too much in the store',
  'too little free on the disk',
  'damaged',
]);
export type RemovalReason = z.infer<typeof removalReasonSchema>;

/** What is remembered of a payload that was removed, so that a later miss can be explained. */
export const removedPayloadRecordSchema = z.object({
  schemaVersion: z.int().default(1),
  payloadId: z.string(),
  contentKey: z.string(),
  sizeBytes: z.int(),
  builtAt: z.string(),
  lastUsedAt: z.string(),
  removedAt: z.string(),
  reason: removalReasonSchema,
  /** Null when they were not known, or too many to be remembered. */
  keyInputs: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullable()
    .default(null),
});
export type RemovedPayloadRecord = z.infer<typeof removedPayloadRecordSchema>;

export const removedPayloadRecordCodec = recordCodec(
  'record of a removed payload',
  removedPayloadRecordSchema,
);
