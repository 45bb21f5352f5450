import { z } from 'zod';
import { recordCodec } from './codec.js';

/** Where a payload keeps its manifest when its build wrote one itself, relative to the payload's root. */
export const payloadManifestRelativePath = 'share/pikaci/payload-manifest.json';

/** The only manifest version there is. */
export const payloadManifestSchemaVersion = 1;

/** One thing of a payload that is mounted into a job. Exactly one of `guestPath` and `workspacePath` is set. */
export const payloadMountSchema = z.object({
  name: z.string(),
  /** What is mounted, relative to the payload's root; `.` is all of it. */
  relativePath: z.string(),
  /** Absolute path in the guest. */
  guestPath: z.string().nullable().default(null),
  /** Path in the working tree. */
  workspacePath: z.string().nullable().default(null),
  readOnly: z.boolean().default(true),
  /** Directories of this mount, relative to it, that jobs find on their PATH. */
  addToPath: z.array(z.string()).default([]),
});
export type PayloadMount = z.infer<typeof payloadMountSchema>;

const namedPathSchema = z.object({ name: z.string(), relativePath: z.string() });

/** What a payload says of itself: its kind, entry points and the mounts it declares. */
export const payloadManifestSchema = z.object({
  schemaVersion: z.int(),
  kind: z.string(),
  entrypoints: z.array(namedPathSchema).default([]),
  assetRoots: z.array(namedPathSchema).default([]),
  mounts: z.array(payloadMountSchema).default([]),
});
export type PayloadManifest = z.infer<typeof payloadManifestSchema>;

export const payloadManifestCodec = recordCodec('payload manifest', payloadManifestSchema);
