import { z } from 'zod';
import { recordCodec } from '../codec.js';
import { failureKindSchema, failureSchema } from '../failure.js';
import { jobServiceRecordSchema } from './service-record.js';
import { testResultsSchema } from './test-results.js';

/** State of a run or a job. A cancelled or timed-out one is `failed`, and `failureKind` says so. */
export const statusSchema = z.enum(['running', 'passed', 'failed', 'skipped']);
export type Status = z.infer<typeof statusSchema>;

/** The steps of an Incus job, in order; `start_services` is one of jobs that have some. Most names are those of earlier records. */
export const phaseNames = [
  'prepare_directories',
  'stage_workspace_snapshot',
  'prepare_runtime',
  'start_services',
  'launch_guest',
  'wait_for_completion',
  'collect_artifacts',
] as const;
export type PhaseName = (typeof phaseNames)[number];

/** When something began and ended, and how long it took by the monotonic clock. */
export const timingSchema = z.object({
  startedAt: z.string(),
  finishedAt: z.string(),
  durationMs: z.int().nonnegative(),
});

export const phaseRecordSchema = z.object({ phase: z.enum(phaseNames), ...timingSchema.shape });
export type PhaseRecord = z.infer<typeof phaseRecordSchema>;

/** One Incus operation or request that a job waited for. */
export const operationTimingSchema = z.object({
  operation: z.string(),
  durationMs: z.number(),
  /** Null in records of earlier versions. */
  startedAt: z.string().nullable().default(null),
});
export type OperationTiming = z.infer<typeof operationTimingSchema>;

/** What is known of the instance a job ran in. */
export const remoteLinuxVmExecutionSchema = z.object({
  backend: z.literal('incus').default('incus'),
  incusImage: z
    .object({
      project: z.string(),
      alias: z.string(),
      fingerprint: z.string().nullable().default(null),
    })
    .nullable()
    .default(null),
  phases: z.array(phaseRecordSchema).default([]),
  instance: z.string().nullable().default(null),
  operations: z.array(operationTimingSchema).default([]),
});
export type RemoteLinuxVmExecution = z.infer<typeof remoteLinuxVmExecutionSchema>;

/** A payload as one job saw it. */
export const jobPayloadRecordSchema = z.object({
  id: z.string(),
  contentKey: z.string(),
  devicePrefix: z.string(),
  mounts: z.array(
    z.object({ name: z.string(), deviceName: z.string().nullable(), guestPath: z.string() }),
  ),
});
export type JobPayloadRecord = z.infer<typeof jobPayloadRecordSchema>;

/** An attempt that was followed by another one. Its logs and artifacts are below `attempts/<n>` of the job's directory. */
export const jobAttemptRecordSchema = z.object({
  attempt: z.int(),
  status: statusSchema,
  startedAt: z.string(),
  finishedAt: z.string().nullable().default(null),
  exitCode: z.int().nullable().default(null),
  message: z.string().nullable().default(null),
  failureKind: failureKindSchema.nullable().default(null),
  hostLogPath: z.string(),
  guestLogPath: z.string(),
  testResults: testResultsSchema.nullable().default(null),
});
export type JobAttemptRecord = z.infer<typeof jobAttemptRecordSchema>;

/** `jobs/<id>/status.json`, and an element of `jobs` in `run.json`. */
export const jobRecordSchema = z
  .object({
    schemaVersion: z.int().default(1),
    id: z.string(),
    description: z.string(),
    status: statusSchema,
    executor: z.string(),
    planNodeId: z.string().nullable().default(null),
    timeoutSecs: z.int(),
    hostLogPath: z.string(),
    guestLogPath: z.string(),
    startedAt: z.string(),
    finishedAt: z.string().nullable().default(null),
    exitCode: z.int().nullable().default(null),
    message: z.string().nullable().default(null),
    preExecutionPrepareDurationMs: z.int().nullable().default(null),
    remoteLinuxVmExecution: remoteLinuxVmExecutionSchema.nullable().default(null),
    runtime: z.string().nullable().default(null),
    placement: z.string().nullable().default(null),
    attempt: z.int().default(1),
    /** The attempts before this one, oldest first. */
    attempts: z.array(jobAttemptRecordSchema).default([]),
    /** Passed, but not on the first attempt, whatever kept that one from passing. */
    flaky: z.boolean().default(false),
    /** Failed by itself, which its configuration allows: the run may have passed all the same. */
    allowedFailure: z.boolean().default(false),
    failureKind: failureKindSchema.nullable().default(null),
    failure: failureSchema.nullable().default(null),
    payloads: z.array(jobPayloadRecordSchema).default([]),
    services: z.array(jobServiceRecordSchema).default([]),
    /** Files in the job's artifacts directory that the job declared, relative to it. */
    artifacts: z.array(z.string()).default([]),
    /** What its test reports say; null when it has none, or none that could be read. */
    testResults: testResultsSchema.nullable().default(null),
    /** Things that went wrong after the verdict, or that the reader should know. */
    notes: z.array(z.string()).default([]),
  })
  .meta({ id: 'job', description: 'A job of a run as it stands.' });
export type JobRecord = z.infer<typeof jobRecordSchema>;

export const jobRecordCodec = recordCodec('job record', jobRecordSchema);
