import { z } from 'zod';
import { recordCodec } from '../codec.js';
import { payloadManifestSchema } from '../payload-manifest.js';

/** `payload.json` beside a payload's output in the store: written last, so its presence means a whole payload. */
export const payloadRecordSchema = z.object({
  schemaVersion: z.int().default(1),
  payloadId: z.string(),
  kind: z.string(),
  contentKey: z.string(),
  /** What went into the key, for people and for later comparison. */
  keyInputs: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  /** Where the manifest came from: the build's own file, or configuration. */
  manifestSource: z.enum(['build', 'configuration']),
  manifest: payloadManifestSchema,
  sizeBytes: z.int(),
  fileCount: z.int(),
  builtBy: z.string(),
  builtAt: z.string(),
});
export type PayloadRecord = z.infer<typeof payloadRecordSchema>;

export const payloadRecordCodec = recordCodec('payload record', payloadRecordSchema);
