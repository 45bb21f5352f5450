import { z } from 'zod';
import { recordCodec } from '../codec.js';
import { failureKindSchema, failureSchema } from '../failure.js';
import { jobRecordSchema, statusSchema, timingSchema } from './job-record.js';

/** The process that owns a running record: a dead one can be told from a live one. */
export const runOwnerSchema = z.object({
  pid: z.int(),
  host: z.string(),
  /** Changes with every boot of the host, so that a pid of an earlier boot is not taken for a live one. */
  bootId: z.string().nullable(),
  /** In the kernel's ticks since the boot: tells the process from a later one with its id. */
  startTicks: z.string().nullable().default(null),
  heartbeatAt: z.string(),
});
export type RunOwner = z.infer<typeof runOwnerSchema>;

export const prepareTimingSchema = z.object({ nodeId: z.string(), ...timingSchema.shape });
export type PrepareTiming = z.infer<typeof prepareTimingSchema>;

/** The trace that a run is a part of, where traces are exported. Ids are hex digits, of 16 and of 8 bytes. */
export const runTraceSchema = z.object({
  traceId: z.string(),
  /** The span that started the run, of whoever did; null: the run is where the trace begins. */
  parentSpanId: z.string().nullable().default(null),
});
export type RunTrace = z.infer<typeof runTraceSchema>;

/** The result of a job that an earlier run has, and that another one goes by. */
export const reusedResultSchema = z.object({ jobId: z.string(), runId: z.string() });

const nullableText = z.string().nullable().default(null);

/**
 * `run.json`: the earlier format's keys, each present, then ours. The settings of its external hand-over programs
 * (`prepared_output_…`) are always null here but for the consumer, which is what pikaci does: link the payload into
 * the job's directory.
 */
export const runRecordSchema = z
  .object({
    runId: z.string(),
    status: statusSchema,
    rerunOf: nullableText,
    targetId: nullableText,
    targetDescription: nullableText,
    sourceRoot: z.string(),
    snapshotDir: z.string(),
    gitHead: nullableText,
    gitDirty: z.boolean().nullable().default(null),
    createdAt: z.string(),
    finishedAt: nullableText,
    planPath: nullableText,
    preparedOutputsPath: nullableText,
    preparedOutputConsumer: nullableText,
    preparedOutputMode: nullableText,
    preparedOutputInvocationMode: nullableText,
    preparedOutputInvocationWrapperProgram: nullableText,
    preparedOutputLauncherTransportMode: nullableText,
    preparedOutputLauncherTransportProgram: nullableText,
    preparedOutputLauncherTransportHost: nullableText,
    preparedOutputLauncherTransportRemoteLauncherProgram: nullableText,
    preparedOutputLauncherTransportRemoteHelperProgram: nullableText,
    preparedOutputLauncherTransportRemoteWorkDir: nullableText,
    changedFiles: z.array(z.string()).default([]),
    filters: z.array(z.string()).default([]),
    message: nullableText,
    prepareTimings: z.array(prepareTimingSchema).default([]),
    jobs: z.array(jobRecordSchema),
    schemaVersion: z.int().default(1),
    snapshotHash: nullableText,
    failureKind: failureKindSchema.nullable().default(null),
    failure: failureSchema.nullable().default(null),
    owner: runOwnerSchema.nullable().default(null),
    /** Jobs that passed in earlier runs and were not run again. */
    reusedResults: z.array(reusedResultSchema).default([]),
    /** When the run was taken up again after its process had ended, oldest first. */
    resumedAt: z.array(z.string()).default([]),
    /** Null: no trace was to be exported. */
    trace: runTraceSchema.nullable().default(null),
  })
  .meta({ id: 'run', description: 'A run as it stands.' });
export type RunRecord = z.infer<typeof runRecordSchema>;

export const runRecordCodec = recordCodec('run record', runRecordSchema);
