import { z } from 'zod';
import { identifierSchema } from '../identifiers.js';
import {
  jobConfigSchema,
  type JobConfig,
  networkModeSchema,
  retryConfigSchema,
  workspaceModeSchema,
} from './job-config.js';
import type { MatrixJob } from './matrix-config.js';
import { payloadConfigSchema } from './payload-config.js';
import { runtimeIdSchema, runtimesConfigSchema } from './runtime-config.js';
import { secretNameSchema, secretSourceSchema } from './secret-config.js';
import { ageSchema, byteSizeSchema } from './sizes.js';

/** Jobs that are made of the projects of an Nx workspace: one for each that has a target. */
export const nxTargetSchema = z.strictObject({
  /** Nx's name of it, such as `test`; the job of a project runs `node_modules/.bin/nx run <project>:<target>`. */
  target: z.string().min(1),
  /** Only projects that the changes affect, as Nx sees it, when a run is asked to look at changes. */
  affected: z.boolean().default(true),
  /** What there is to say of each of the jobs: payloads, limits, a runtime. */
  job: jobConfigSchema.omit({ run: true, extends: true, matrix: true }).partial().default({}),
});
export type NxTargetConfig = z.infer<typeof nxTargetSchema>;

/** What a user runs by name: a set of jobs with path filters. */
export const targetConfigSchema = z.strictObject({
  description: z.string().optional(),
  jobs: z.array(identifierSchema).min(1).default([]),
  nx: nxTargetSchema.optional(),
  /** Globs of the files that matter to this target; a leading `!` takes files out again. Empty: all matter. */
  paths: z.array(z.string().min(1)).default([]),
});
export type TargetConfig = z.infer<typeof targetConfigSchema>;

/** What holds for every job that does not say otherwise. */
export const defaultsConfigSchema = z.strictObject({
  runtime: runtimeIdSchema.default('process'),
  timeoutSeconds: z.int().positive().default(1800),
  workspace: workspaceModeSchema.default('overlay'),
  cancelGraceSeconds: z.number().min(0).max(3600).default(10),
  /** What is not said is 2 for `infrastructure` and 0 for `job`. */
  retry: retryConfigSchema.default({}),
  logLimit: byteSizeSchema.default('256MiB'),
  network: networkModeSchema.default('default'),
});

/** How much may happen at once. */
export const limitsConfigSchema = z.strictObject({
  /** Jobs at a time; as many as the machine has processors unless set. */
  jobs: z.int().positive().optional(),
  /** Payload builds at a time. */
  builds: z.int().positive().default(2),
  /** Instances on one host at a time, those included that are still on their way out; no limit unless set. */
  instances: z.int().positive().optional(),
  /** How many jobs of a `concurrency` group run at once; one unless set. */
  concurrency: z.record(identifierSchema, z.int().positive()).default({}),
});

/**
 * What of the workspace is in a snapshot. Globs are relative to the workspace root, as in the `paths` of a target: `dir/`
 * is everything below `dir`, and of those that match a file the last one has the word, where `!` takes it back.
 */
export const snapshotConfigSchema = z.strictObject({
  /** Globs of files that are in the snapshot although git ignores them, such as `.env.test` or `generated/**`. */
  include: z.array(z.string().min(1)).default([]),
  /** Globs of files that are not in the snapshot, whatever git and `include` say, such as `docs/**` and `!docs/api.md`. */
  exclude: z.array(z.string().min(1)).default([]),
});
export type SnapshotConfig = z.infer<typeof snapshotConfigSchema>;

/** What `pikaci payload gc` keeps. Payloads that were not used for longest go first. */
export const payloadCacheConfigSchema = z.strictObject({
  /** Most that all payloads together may take, such as `20GiB`. */
  maxSize: byteSizeSchema.optional(),
  /** What must be free on the disk of the state root, such as `5GiB`. */
  minFree: byteSizeSchema.optional(),
  /** How long a payload may stay unused, such as `30d`. */
  maxAge: ageSchema.optional(),
});
export type PayloadCacheConfig = z.infer<typeof payloadCacheConfigSchema>;

/** Limits of what is kept below `cache` of the state root. */
export const cacheConfigSchema = z.strictObject({
  payloads: payloadCacheConfigSchema.default({}),
});
export type CacheConfig = z.infer<typeof cacheConfigSchema>;

/** The whole configuration file. Unknown keys are errors. */
export const pikaciConfigSchema = z.strictObject({
  $schema: z.string().optional(),
  schemaVersion: z.literal(1),
  defaultTarget: identifierSchema.optional(),
  /** Most that a whole run may take; no limit unless set. */
  timeoutSeconds: z.int().positive().optional(),
  defaults: defaultsConfigSchema.default(defaultsConfigSchema.parse({})),
  limits: limitsConfigSchema.default(limitsConfigSchema.parse({})),
  snapshot: snapshotConfigSchema.default(snapshotConfigSchema.parse({})),
  cache: cacheConfigSchema.default(cacheConfigSchema.parse({})),
  secrets: z.record(secretNameSchema, secretSourceSchema).default({}),
  runtimes: runtimesConfigSchema.default(runtimesConfigSchema.parse({})),
  payloads: z.record(identifierSchema, payloadConfigSchema).default({}),
  /** Parts of jobs that jobs extend. What they hold is checked where it is used. */
  templates: z.record(identifierSchema, z.record(z.string(), z.unknown())).default({}),
  jobs: z.record(identifierSchema, jobConfigSchema),
  targets: z.record(identifierSchema, targetConfigSchema).default({}),
});
/** The configuration with every default filled in. */
export type PikaciConfig = z.output<typeof pikaciConfigSchema> & {
  /** Of the jobs that were made of matrices, what they have of them; absent where there are none. */
  readonly matrixJobs?: Readonly<Record<string, MatrixJob>>;
};
/** The configuration as people write it. */
export type PikaciConfigInput = z.input<typeof pikaciConfigSchema>;

/** A job of a project of an Nx workspace, as it would be written in the configuration. */
export function nxJob({ target, job }: NxTargetConfig, project: string): JobConfig {
  const given = Object.entries(job).filter(([, value]) => value !== undefined);
  // No daemon: it would be left behind in the job's working tree, and find nothing there.
  const env = { NX_DAEMON: 'false', ...job.env };
  const task = `'${`${project}:${target}`.replaceAll("'", String.raw`'\''`)}'`;
  return jobConfigSchema.parse({
    ...Object.fromEntries(given),
    env,
    description: job.description ?? `${target} of ${project}`,
    run: `node_modules/.bin/nx run ${task}`,
  });
}

/** The jobs that a name stands for: the job of that id, those that were made of its matrix, or none. */
export function jobsOfName(config: PikaciConfig, name: string): readonly string[] {
  if (Object.hasOwn(config.jobs, name)) return [name];
  const made = Object.entries(config.matrixJobs ?? {});
  return made.filter(([, { base }]) => base === name).map(([id]) => id);
}
