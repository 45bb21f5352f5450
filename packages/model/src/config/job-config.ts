import { z } from 'zod';
import { identifierSchema } from '../identifiers.js';
import { commandsSchema } from './commands-config.js';
import { matrixConfigSchema } from './matrix-config.js';
import { environmentSchema } from './payload-config.js';
import { resourceLimitsSchema, runtimeIdSchema } from './runtime-config.js';
import { jobSecretSchema } from './secret-config.js';
import { servicesConfigSchema } from './service-config.js';
import { byteSizeSchema } from './sizes.js';

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

/** How often a job is tried again, by what kept it from passing. Each try waits longer than the one before. */
export const retryConfigSchema = z.strictObject({
  /** After a failure that says nothing of the job: a lost instance, socket or server, a full disk. */
  infrastructure: z.int().min(0).max(10).optional(),
  /** After the job's own failure; one that passes then is flaky, and its record says so. */
  job: z.int().min(0).max(10).optional(),
});
export type RetryConfig = z.infer<typeof retryConfigSchema>;

/** What of the network a job gets: what its runtime gives by itself, or nothing at all. */
export const networkModeSchema = z.enum(['default', 'none']);
export type NetworkMode = z.infer<typeof networkModeSchema>;

/** How what a job needs has to end for it to run: well, not all of it well, or in any way. */
export const jobConditionSchema = z.enum(['success', 'failure', 'always']);
export type JobCondition = z.infer<typeof jobConditionSchema>;

const artifactGlobsSchema = z.array(z.string().min(1));

/** What is kept of a job, and when. */
export const artifactsConfigSchema = z.strictObject({
  paths: artifactGlobsSchema,
  /**
   * Whatever becomes of the job, or only when it passes, or fails. Of a cancelled one on the process runtime nothing is kept,
   * and what a job itself writes to PIKACI_ARTIFACTS in any case.
   */
  when: z.enum(['always', 'success', 'failure']).default('always'),
  /** Most that these files may take together; those for which there is no room are left. */
  maxSize: byteSizeSchema.optional(),
});
export type ArtifactsConfig = z.infer<typeof artifactsConfigSchema>;

/** Which of the files that a job writes tell of its tests. */
export const reportsConfigSchema = z.strictObject({
  /** Globs of files in the JUnit XML form. */
  junit: z.union([z.string().min(1), artifactGlobsSchema.min(1)]),
});
export type ReportsConfig = z.infer<typeof reportsConfigSchema>;

/** One command in one runtime. */
export const jobConfigSchema = z.strictObject({
  description: z.string().optional(),
  /** One or more names of `templates`: what the job does not say itself is theirs, the later ones first. */
  extends: z.union([identifierSchema, z.array(identifierSchema).min(1)]).optional(),
  matrix: matrixConfigSchema.optional(),
  run: commandsSchema,
  /** What runs the commands: a program and its options, to which the name of a script is added; `sh` unless set. */
  shell: z.string().min(1).optional(),
  /** The directory of the working tree that the commands start in. */
  cwd: z.string().min(1).optional(),
  runtime: runtimeIdSchema.optional(),
  payloads: z.array(jobPayloadSchema).default([]),
  /** Jobs that must have passed before this one starts, unless `when` says otherwise. */
  needs: z.array(identifierSchema).default([]),
  when: jobConditionSchema.default('success'),
  /** Its own failure, or its timeout, is no failure of the run, and what needs it goes on. */
  allowFailure: z.boolean().default(false),
  /** Words to choose jobs by: `--tag slow`. */
  tags: z.array(identifierSchema).default([]),
  env: environmentSchema.default({}),
  /** What runs beside the job's command, from before its start to its end. */
  services: servicesConfigSchema.default({}),
  timeoutSeconds: z.int().positive().optional(),
  /** Between the request to end (SIGTERM) and the end by force, when the job is cancelled or its time is over. */
  cancelGraceSeconds: z.number().min(0).max(3600).optional(),
  retry: retryConfigSchema.optional(),
  /** Jobs of one group, also those of other pikaci processes of this user on this machine, run one after another. */
  concurrency: identifierSchema.optional(),
  /** Secrets that the job gets; those of other jobs are not there for it. */
  secrets: z.array(jobSecretSchema).default([]),
  /** Most bytes of the job's output that are kept: its head and its tail, with a mark between them. */
  logLimit: byteSizeSchema.optional(),
  network: networkModeSchema.optional(),
  /** Over those of the runtime, each for itself. Only instances have limits. */
  limits: resourceLimitsSchema.optional(),
  /** Globs in the working tree, a leading `!` takes files out; matching files are kept with the run. */
  artifacts: z.union([artifactGlobsSchema, artifactsConfigSchema]).default([]),
  /**
   * Test reports that the job writes, as globs in the working tree with the rules of `artifacts`. They are kept with the
   * run however the job ends, and their failed tests are shown by name.
   */
  reports: reportsConfigSchema.optional(),
  workspace: workspaceModeSchema.optional(),
  /** Numeric `uid` or `uid:gid` in the guest; root unless set. Only the Incus runtime can change it. */
  user: z
    .string()
    .regex(/^\d+(:\d+)?$/, 'must be a numeric uid or uid:gid, such as 1000:1000')
    .optional(),
});
export type JobConfig = z.infer<typeof jobConfigSchema>;

/** What is kept of a job, written out. */
export function artifactsOf(artifacts: JobConfig['artifacts']): ArtifactsConfig {
  return Array.isArray(artifacts) ? { paths: artifacts, when: 'always' } : artifacts;
}

/** The globs of a job's JUnit reports; none when it declares none. */
export function junitReportsOf(reports: JobConfig['reports']): readonly string[] {
  const junit = reports?.junit ?? [];
  return typeof junit === 'string' ? [junit] : junit;
}
