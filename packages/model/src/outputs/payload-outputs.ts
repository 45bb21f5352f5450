import { z } from 'zod';
import type { DeepReadonly } from '../deep-readonly.js';
import { payloadRecordSchema } from '../records/payload-record.js';
import { outputVersion } from './output.js';

/** A live process that uses a payload. */
export const payloadUserSchema = z.object({
  pid: z.number(),
  /** False: on another machine, of which nobody can tell from here whether it still runs. */
  onThisHost: z.boolean(),
});

export const damagedPayloadSchema = z.object({
  contentKey: z.string(),
  dir: z.string(),
  reason: z.string(),
  users: z.array(payloadUserSchema),
});
/** A directory of the store that is no whole payload: somebody has changed it, or the disk has lost something. */
export type DamagedPayload = DeepReadonly<z.infer<typeof damagedPayloadSchema>>;

/** What went into a payload's key, in the order in which it did. */
export const keyInputSchema = z.object({ name: z.string(), value: z.string() });

/** The payloads that are kept: of each what tells it apart, the rest is in what `payload show` prints. */
export const payloadListOutputSchema = z.object({
  ...outputVersion,
  /** The most recently used first. */
  payloads: z.array(
    z.object({
      ...payloadRecordSchema.pick({
        payloadId: true,
        contentKey: true,
        kind: true,
        sizeBytes: true,
        fileCount: true,
        digest: true,
        externalPath: true,
      }).shape,
      /** Canonical path of its output; null when that lay outside of the store and has vanished. */
      storePath: z.string().nullable(),
      builtAt: z.string(),
      lastUsedAt: z.string(),
      inUseBy: z.array(payloadUserSchema),
    }),
  ),
  damaged: z.array(damagedPayloadSchema),
});

/** A payload's record, and beside it what the record does not hold. */
export const payloadShowOutputSchema = z.object({
  ...payloadRecordSchema.shape,
  storePath: z.string().nullable(),
  lastUsedAt: z.string(),
  inUseBy: z.array(payloadUserSchema),
  /** Null when they cannot be read. */
  keyInputs: z.array(keyInputSchema).nullable(),
  /** Keys of other payloads with the same id. */
  otherKeys: z.array(z.string()),
});
