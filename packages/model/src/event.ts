import { z } from 'zod';
import { recordCodec, type RecordCodec } from './codec.js';
import { failureSchema } from './failure.js';
import { jobRecordSchema, phaseNames } from './records/job-record.js';
import { runRecordSchema } from './records/run-record.js';
import { ok } from './result.js';

/** An event of one kind, and when it comes. */
function kind<Kind extends string, Shape extends z.ZodRawShape>(
  event: Kind,
  description: string,
  shape: Shape,
) {
  return z
    .object({ event: z.literal(event), ...shape, ...stamp })
    .meta({ title: event, description });
}

/** The version of the lines of an event stream. */
const eventVersion = 1;

const stamp = {
  /** Of the form of the line. Additions leave it as it is. */
  schemaVersion: z.int().default(eventVersion),
  /** Counts from 1 within a run, without gaps. */
  sequence: z.int().positive(),
  /** RFC 3339. */
  time: z.string(),
};

/** What happened in a run, in order. A closed union; on disk one JSON object a line. */
export const runEventFileSchema = z.discriminatedUnion('event', [
  kind(
    'run_started',
    'The run exists: first of all, before its files are looked at. A supervisor learns its id at once.',
    {
      runId: z.string(),
      createdAt: z.string(),
      rerunOf: z.string().nullable().default(null),
      targetId: z.string().nullable().default(null),
      targetDescription: z.string().nullable().default(null),
    },
  ),
  kind('snapshot_taken', 'The files that the jobs run on are known, and kept.', {
    runId: z.string(),
    hash: z.string(),
    reused: z.boolean(),
    durationMs: z.int(),
  }),
  kind('plan_made', 'The graph of the run is known, and on disk.', {
    runId: z.string(),
    planPath: z.string(),
    prepareNodeIds: z.array(z.string()),
    jobIds: z.array(z.string()),
  }),
  kind(
    'prepare_started',
    'A payload is looked for in the store and built if it is not there, or a runtime is made ready.',
    {
      runId: z.string(),
      nodeId: z.string(),
      description: z.string(),
    },
  ),
  kind(
    'prepare_finished',
    'The payload is there, or the runtime is ready; or the jobs that need it cannot run.',
    {
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
    },
  ),
  kind('job_started', 'An attempt of a job began; its record says `running`.', {
    runId: z.string(),
    job: jobRecordSchema,
  }),
  kind(
    'job_phase',
    'A job has come to its next step. Which steps there are is a matter of the runtime.',
    {
      runId: z.string(),
      jobId: z.string(),
      phase: z.enum(phaseNames),
    },
  ),
  kind('job_waiting', 'The job could start, but for others that are in its concurrency group.', {
    runId: z.string(),
    jobId: z.string(),
    group: z.string(),
    inside: z.array(z.string()),
  }),
  kind('job_attempt_finished', 'An attempt ended, and there will be another one.', {
    runId: z.string(),
    job: jobRecordSchema,
    /** Until the next attempt. */
    retryInMs: z.int(),
  }),
  kind('job_finished', 'The job has its terminal record.', {
    runId: z.string(),
    job: jobRecordSchema,
  }),
  kind(
    'job_skipped',
    'The job will not run, because of what it needs or because the run was cancelled; its record is terminal.',
    {
      runId: z.string(),
      job: jobRecordSchema,
    },
  ),
  kind('cancel_requested', 'Somebody asked to end the run, or one of its jobs.', {
    runId: z.string(),
    /** Only this job; null: the whole run. */
    jobId: z.string().nullable().default(null),
    /** Without waiting for the grace of the jobs. */
    now: z.boolean().default(false),
    reason: z.string(),
  }),
  kind('run_resumed', 'Another process goes on with the run.', {
    runId: z.string(),
    /** Jobs whose results are kept. */
    keptJobIds: z.array(z.string()),
  }),
  kind(
    'run_finished',
    'The run has its terminal record: the last event, unless the run is resumed.',
    {
      run: runRecordSchema,
    },
  ),
]);

type WithoutVersion<E> = E extends unknown ? Omit<E, 'schemaVersion'> : never;
/** An event; which version its line has is a matter of the file alone. */
export type RunEvent = WithoutVersion<z.infer<typeof runEventFileSchema>>;

type WithoutStamp<E> = E extends unknown ? Omit<E, 'sequence' | 'time'> : never;
/** An event before it has its place in the order. */
export type UnstampedRunEvent = WithoutStamp<RunEvent>;

const fileCodec = recordCodec('event', runEventFileSchema);

/** Lines are written with their version, and read without it. */
export const runEventCodec: RecordCodec<RunEvent> = {
  name: fileCodec.name,
  encode: (event) => fileCodec.encode({ schemaVersion: eventVersion, ...event }),
  decode: (value, file) => {
    const read = fileCodec.decode(value, file);
    if (!read.ok) return read;
    const { schemaVersion: _, ...event } = read.value;
    return ok(event as RunEvent);
  },
};
