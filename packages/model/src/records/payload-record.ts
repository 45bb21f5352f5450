import { z } from 'zod';
import { recordCodec } from '../codec.js';
import { payloadManifestSchema } from '../payload-manifest.js';

/** `payload.json` beside a payload's output in the store: written last, so its presence means a whole payload. */
export const payloadRecordSchema = z.object({
  schemaVersion: z.int().default(1),
  payloadId: z.string(),
  kind: z.string(),
  contentKey: z.string(),
  /** Where the manifest came from: the build's own file, or configuration. */
  manifestSource: z.enum(['build', 'configuration']),
  manifest: payloadManifestSchema,
  /** Of the whole output (`tree-v1:` and 64 hex digits); null in records of earlier versions. */
  digest: z.string().nullable().default(null),
  /** Absolute path of an output that is used where it is, such as one of the Nix store; null: it lies beside this record. */
  externalPath: z.string().nullable().default(null),
  sizeBytes: z.int(),
  fileCount: z.int(),
  builtBy: z.string(),
  builtAt: z.string(),
  /** How long that took, in milliseconds; null in records of earlier versions. */
  buildMs: z.int().nonnegative().nullable().default(null),
});
export type PayloadRecord = z.infer<typeof payloadRecordSchema>;

export const payloadRecordCodec = recordCodec('payload record', payloadRecordSchema);
