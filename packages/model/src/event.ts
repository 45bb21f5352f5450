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
  schemaVersion: z.int().default(eventVersion).describe('The version of the form of this line.'),
  sequence: z.int().positive().describe('Counts from 1 within a run, without gaps.'),
  time: z.string().describe('RFC 3339.'),
};

const run = { runId: z.string().describe('The run.') };
const node = {
  ...run,
  nodeId: z.string().describe('The node of the plan.'),
  description: z.string().describe('What the node is there for.'),
};

/** What happened in a run, in order. A closed union; on disk one JSON object a line. */
export const runEventFileSchema = z.discriminatedUnion('event', [
  kind(
    'run_started',
    'The run exists: first of all, before its files are looked at. A supervisor learns its id at once.',
    {
      ...run,
      createdAt: z.string().describe('RFC 3339.'),
      rerunOf: z.string().nullable().default(null).describe('The run that this one repeats.'),
      targetId: z.string().nullable().default(null).describe('Null when jobs were named.'),
      targetDescription: z.string().nullable().default(null).describe('As it is configured.'),
    },
  ),
  kind('snapshot_taken', 'The files that the jobs run on are known, and kept.', {
    ...run,
    hash: z.string().describe('Names the snapshot.'),
    reused: z.boolean().describe('True when it was there already.'),
    durationMs: z.int().describe('How long that took, in milliseconds.'),
  }),
  kind('plan_made', 'The graph of the run is known, and on disk.', {
    ...run,
    planPath: z.string().describe('Absolute path of plan.json.'),
    prepareNodeIds: z.array(z.string()).describe('Nodes that prepare payloads and runtimes.'),
    jobIds: z.array(z.string()).describe('The jobs, in the order of the plan.'),
  }),
  kind(
    'prepare_started',
    'A payload is looked for in the store and built if it is not there, or a runtime is made ready.',
    node,
  ),
  kind(
    'prepare_finished',
    'The payload is there, or the runtime is ready; or the jobs that need it cannot run.',
    {
      ...node,
      status: z.enum(['passed', 'failed', 'skipped']).describe('How it ended.'),
      reused: z
        .boolean()
        .nullable()
        .default(null)
        .describe('True when nothing had to be built; null for nodes that build nothing.'),
      buildMs: z
        .int()
        .nonnegative()
        .nullable()
        .default(null)
        .describe(
          'How long the payload took to build, now or when it was, in milliseconds; null for other nodes, and when it is not known.',
        ),
      durationMs: z.int().describe('How long this took, in milliseconds.'),
      failure: failureSchema.nullable().default(null).describe('Why it failed; null otherwise.'),
    },
  ),
  kind('job_started', 'An attempt of a job began; its record says `running`.', {
    ...run,
    job: jobRecordSchema,
  }),
  kind(
    'job_phase',
    'A job has come to its next step. Which steps there are is a matter of the runtime.',
    {
      ...run,
      jobId: z.string().describe('The job.'),
      phase: z.enum(phaseNames).describe('The step that begins.'),
    },
  ),
  kind('job_waiting', 'The job could start, but for others that are in its concurrency group.', {
    ...run,
    jobId: z.string().describe('The job.'),
    group: z.string().describe('The concurrency group.'),
    inside: z.array(z.string()).describe('Who is in it, in words.'),
  }),
  kind('job_attempt_finished', 'An attempt ended, and there will be another one.', {
    ...run,
    job: jobRecordSchema,
    retryInMs: z.int().describe('Until the next attempt, in milliseconds.'),
  }),
  kind('job_finished', 'The job has its terminal record.', { ...run, job: jobRecordSchema }),
  kind(
    'job_skipped',
    'The job will not run, because of what it needs or because the run was cancelled; its record is terminal.',
    { ...run, job: jobRecordSchema },
  ),
  kind('cancel_requested', 'Somebody asked to end the run, or one of its jobs.', {
    ...run,
    jobId: z.string().nullable().default(null).describe('Only this job; null: the whole run.'),
    now: z.boolean().default(false).describe('Without waiting for the grace of the jobs.'),
    reason: z.string().describe('Who asked, or why.'),
  }),
  kind('run_resumed', 'Another process goes on with the run.', {
    ...run,
    keptJobIds: z.array(z.string()).describe('Jobs whose results are kept.'),
  }),
  kind(
    'run_finished',
    'The run has its terminal record: the last event, unless the run is resumed.',
    { run: runRecordSchema },
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
    const event: RunEvent & { schemaVersion?: number } = { ...read.value };
    delete event.schemaVersion;
    return ok(event);
  },
};
