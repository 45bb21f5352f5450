import { z } from 'zod';
import { recordCodec } from '../codec.js';
import { payloadManifestSchema } from '../payload-manifest.js';

const exposureSchema = z.object({
  kind: z.literal('host_symlink_mount').default('host_symlink_mount'),
  path: z.string(),
  access: z.literal('read_only').default('read_only'),
});

/** One payload that a run prepared, and where its jobs find it. */
export const preparedOutputRecordSchema = z.object({
  nodeId: z.string(),
  installable: z.string(),
  outputName: z.string(),
  protocol: z.string().default('nix_store_path_v1'),
  residency: z.string().default('local_authoritative'),
  consumer: z.string().default('host_local_symlink_mounts_v1'),
  /** Absolute path of the payload in the store. */
  realizedPath: z.string(),
  consumerRequestPath: z.string().nullable().default(null),
  consumerResultPath: z.string().nullable().default(null),
  consumerLaunchRequestPath: z.string().nullable().default(null),
  consumerTransportRequestPath: z.string().nullable().default(null),
  exposures: z.array(exposureSchema).default([]),
  requestedExposures: z.array(exposureSchema).default([]),
  payload: payloadManifestSchema.nullable().default(null),
  payloadId: z.string().nullable().default(null),
  contentKey: z.string().nullable().default(null),
  reused: z.boolean().nullable().default(null),
});
export type PreparedOutputRecord = z.infer<typeof preparedOutputRecordSchema>;

/** `prepared-outputs.json`. */
export const preparedOutputsRecordSchema = z.object({
  schemaVersion: z.int().default(1),
  outputs: z.array(preparedOutputRecordSchema).default([]),
});
export type PreparedOutputsRecord = z.infer<typeof preparedOutputsRecordSchema>;

export const preparedOutputsRecordCodec = recordCodec(
  'record of prepared outputs',
  preparedOutputsRecordSchema,
);
