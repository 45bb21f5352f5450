import { z } from 'zod';
import { identifierSchema } from '../identifiers.js';
import { jobConfigSchema, workspaceModeSchema } from './job-config.js';
import { payloadConfigSchema } from './payload-config.js';
import { runtimeIdSchema, runtimesConfigSchema } from './runtime-config.js';

/** What a user runs by name: a set of jobs with path filters. */
export const targetConfigSchema = z.strictObject({
  description: z.string().optional(),
  jobs: z.array(identifierSchema).min(1),
  /** Globs of the files that matter to this target; a leading `!` takes files out again. Empty: all matter. */
  paths: z.array(z.string().min(1)).default([]),
});
export type TargetConfig = z.infer<typeof targetConfigSchema>;

/** What holds for every job that does not say otherwise. */
export const defaultsConfigSchema = z.strictObject({
  runtime: runtimeIdSchema.default('process'),
  timeoutSeconds: z.int().positive().default(1800),
  workspace: workspaceModeSchema.default('overlay'),
});

/** How much may happen at once. */
export const limitsConfigSchema = z.strictObject({
  /** Jobs at a time; as many as the machine has processors unless set. */
  jobs: z.int().positive().optional(),
  /** Payload builds at a time. */
  builds: z.int().positive().default(2),
});

/** The whole configuration file. Unknown keys are errors. */
export const pikaciConfigSchema = z.strictObject({
  $schema: z.string().optional(),
  schemaVersion: z.literal(1),
  defaultTarget: identifierSchema.optional(),
  defaults: defaultsConfigSchema.default(defaultsConfigSchema.parse({})),
  limits: limitsConfigSchema.default(limitsConfigSchema.parse({})),
  runtimes: runtimesConfigSchema.default(runtimesConfigSchema.parse({})),
  payloads: z.record(identifierSchema, payloadConfigSchema).default({}),
  jobs: z.record(identifierSchema, jobConfigSchema),
  targets: z.record(identifierSchema, targetConfigSchema).default({}),
});
/** The configuration with every default filled in. */
export type PikaciConfig = z.output<typeof pikaciConfigSchema>;
/** The configuration as people write it. */
export type PikaciConfigInput = z.input<typeof pikaciConfigSchema>;
