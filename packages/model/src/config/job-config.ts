import { z } from 'zod';
import { identifierSchema } from '../identifiers.js';
import { environmentSchema } from './payload-config.js';
import { runtimeIdSchema } from './runtime-config.js';

/** What a job may do with its working tree: write to a layer of its own, or only read. */
export const workspaceModeSchema = z.enum(['overlay', 'read-only']);
export type WorkspaceMode = z.infer<typeof workspaceModeSchema>;

/** What a job may do with the mounts of a payload: only read, or write to a layer of its own that ends with it. */
export const payloadModeSchema = z.enum(['read-only', 'overlay']);
export type PayloadMode = z.infer<typeof payloadModeSchema>;

/** A payload that a job needs, by its id alone or with what is special to this job. */
export const jobPayloadSchema = z.union([
  identifierSchema,
  z.strictObject({
    payload: identifierSchema,
    /** Only when the job runs on this runtime: a toolchain, say, that a guest lacks. */
    runtime: runtimeIdSchema.optional(),
    mode: payloadModeSchema.default('read-only'),
  }),
]);
export type JobPayload = z.infer<typeof jobPayloadSchema>;

/** One command in one runtime. */
export const jobConfigSchema = z.strictObject({
  description: z.string().optional(),
  /** A shell command, run by `sh -c` at the root of the working tree. */
  run: z.string().min(1),
  runtime: runtimeIdSchema.optional(),
  payloads: z.array(jobPayloadSchema).default([]),
  /** Jobs that must have passed before this one starts. */
  needs: z.array(identifierSchema).default([]),
  env: environmentSchema.default({}),
  timeoutSeconds: z.int().positive().optional(),
  /** Globs in the working tree; matching files are kept with the run. */
  artifacts: z.array(z.string().min(1)).default([]),
  workspace: workspaceModeSchema.optional(),
  /** Numeric `uid` or `uid:gid` in the guest; root unless set. Only the Incus runtime can change it. */
  user: z
    .string()
    .regex(/^\d+(:\d+)?$/, 'must be a numeric uid or uid:gid, such as 1000:1000')
    .optional(),
});
export type JobConfig = z.infer<typeof jobConfigSchema>;
