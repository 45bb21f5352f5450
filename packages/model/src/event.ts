import { z } from 'zod';
import { recordCodec } from './codec.js';
import { failureSchema } from './failure.js';
import { jobRecordSchema, phaseNames } from './records/job-record.js';
import { runRecordSchema } from './records/run-record.js';

const stamp = {
  /** Counts from 1 within a run, without gaps. */
  sequence: z.int().positive(),
  /** RFC 3339. */
  time: z.string(),
};

/** What happened in a run, in order. A closed union; on disk one JSON object a line. */
export const runEventSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('run_started'),
    runId: z.string(),
    createdAt: z.string(),
    rerunOf: z.string().nullable().default(null),
    targetId: z.string().nullable().default(null),
    targetDescription: z.string().nullable().default(null),
    ...stamp,
  }),
  z.object({
    event: z.literal('snapshot_taken'),
    runId: z.string(),
    hash: z.string(),
    reused: z.boolean(),
    durationMs: z.int(),
    ...stamp,
  }),
  z.object({
    event: z.literal('plan_made'),
    runId: z.string(),
    planPath: z.string(),
    prepareNodeIds: z.array(z.string()),
    jobIds: z.array(z.string()),
    ...stamp,
  }),
  z.object({
    event: z.literal('prepare_started'),
    runId: z.string(),
    nodeId: z.string(),
    description: z.string(),
    ...stamp,
  }),
  z.object({
    event: z.literal('prepare_finished'),
    runId: z.string(),
    nodeId: z.string(),
    description: z.string(),
    status: z.enum(['passed', 'failed', 'skipped']),
    /** True when nothing had to be built; null for nodes that build nothing. */
    reused: z.boolean().nullable().default(null),
    /** How long the payload took to build, now or when it was, in milliseconds; null for other nodes, and when it is not known. */
    buildMs: z.int().nonnegative().nullable().default(null),
    durationMs: z.int(),
    failure: failureSchema.nullable().default(null),
    ...stamp,
  }),
  z.object({ event: z.literal('job_started'), runId: z.string(), job: jobRecordSchema, ...stamp }),
  z.object({
    event: z.literal('job_phase'),
    runId: z.string(),
    jobId: z.string(),
    phase: z.enum(phaseNames),
    ...stamp,
  }),
  /** The job could start, but for others that are in its concurrency group. */
  z.object({
    event: z.literal('job_waiting'),
    runId: z.string(),
    jobId: z.string(),
    group: z.string(),
    inside: z.array(z.string()),
    ...stamp,
  }),
  /** An attempt ended, and there will be another one. */
  z.object({
    event: z.literal('job_attempt_finished'),
    runId: z.string(),
    job: jobRecordSchema,
    /** Until the next attempt. */
    retryInMs: z.int(),
    ...stamp,
  }),
  z.object({ event: z.literal('job_finished'), runId: z.string(), job: jobRecordSchema, ...stamp }),
  z.object({ event: z.literal('job_skipped'), runId: z.string(), job: jobRecordSchema, ...stamp }),
  z.object({
    event: z.literal('cancel_requested'),
    runId: z.string(),
    /** Only this job; null: the whole run. */
    jobId: z.string().nullable().default(null),
    /** Without waiting for the grace of the jobs. */
    now: z.boolean().default(false),
    reason: z.string(),
    ...stamp,
  }),
  /** Another process goes on with the run. */
  z.object({
    event: z.literal('run_resumed'),
    runId: z.string(),
    /** Jobs whose results are kept. */
    keptJobIds: z.array(z.string()),
    ...stamp,
  }),
  z.object({ event: z.literal('run_finished'), run: runRecordSchema, ...stamp }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

type WithoutStamp<E> = E extends unknown ? Omit<E, 'sequence' | 'time'> : never;
/** An event before it has its place in the order. */
export type UnstampedRunEvent = WithoutStamp<RunEvent>;

export const runEventCodec = recordCodec('event', runEventSchema);
