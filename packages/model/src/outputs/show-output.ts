import { z } from 'zod';
import type { DeepReadonly } from '../deep-readonly.js';
import { failureKindSchema, failureSchema } from '../failure.js';
import { statusSchema } from '../records/job-record.js';
import { reusedResultSchema, runOwnerSchema, runTraceSchema } from '../records/run-record.js';
import { jobServiceRecordSchema } from '../records/service-record.js';
import { testResultsSchema } from '../records/test-results.js';
import { outputVersion } from './output.js';

const shownRunPayloadSchema = z.object({
  id: z.string(),
  contentKey: z.string().nullable(),
  /** True: found in the store; false: built by this run; null: not recorded. */
  reused: z.boolean().nullable(),
  /** How long its preparation took; null when that is not recorded. */
  durationMs: z.number().nullable(),
  /** Null when it is not in the store any more. */
  sizeBytes: z.number().nullable(),
  /** Absolute path that it had in the store. */
  storePath: z.string(),
});
/** A payload as one run had it. */
export type ShownRunPayload = DeepReadonly<z.infer<typeof shownRunPayloadSchema>>;

const shownJobSchema = z.object({
  id: z.string(),
  status: statusSchema,
  failureKind: failureKindSchema.nullable(),
  runtime: z.string().nullable(),
  /** The last attempt, from 1. */
  attempt: z.number(),
  flaky: z.boolean(),
  /** Failed, and may. */
  allowedFailure: z.boolean(),
  durationMs: z.number().nullable(),
  exitCode: z.number().nullable(),
  message: z.string().nullable(),
  failure: failureSchema.nullable(),
  artifactCount: z.number(),
  /** What its test reports say; null without any. */
  testResults: testResultsSchema.nullable(),
  notes: z.array(z.string()),
  services: z.array(jobServiceRecordSchema),
  /** Absolute path of what its command printed; null for an id that cannot be a part of a path. */
  guestLogPath: z.string().nullable(),
});
/** A job of one run. */
export type ShownJob = DeepReadonly<z.infer<typeof shownJobSchema>>;

/** All that is known of one run. */
export const showOutputSchema = z.object({
  ...outputVersion,
  runId: z.string(),
  status: statusSchema,
  /** True when the record says `running` but its owner is gone. */
  abandoned: z.boolean(),
  /** True: `gc` leaves it. */
  isPinned: z.boolean(),
  targetId: z.string().nullable(),
  targetDescription: z.string().nullable(),
  failureKind: failureKindSchema.nullable(),
  failure: failureSchema.nullable(),
  message: z.string().nullable(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  durationMs: z.number().nullable(),
  resumedAt: z.array(z.string()),
  /** The trace that it is a part of; null: none was to be exported. */
  trace: runTraceSchema.nullable(),
  /** The run that this one repeats. */
  rerunOf: z.string().nullable(),
  /** Jobs that were not run again because they passed in these runs. */
  reusedResults: z.array(reusedResultSchema),
  owner: runOwnerSchema.nullable(),
  sourceRoot: z.string(),
  gitHead: z.string().nullable(),
  gitDirty: z.boolean().nullable(),
  snapshot: z.object({ hash: z.string().nullable(), dir: z.string(), isStored: z.boolean() }),
  /** Ids of the jobs that were selected. */
  selection: z.array(z.string()),
  /** The path filters that were asked, and what had changed; null: nothing was filtered. */
  changeFilter: z
    .object({ patterns: z.array(z.string()), changedFiles: z.array(z.string()) })
    .nullable(),
  payloads: z.array(shownRunPayloadSchema),
  jobs: z.array(shownJobSchema),
  /** Absolute paths of what is there, by name. */
  places: z.record(z.string(), z.string()),
  /** Commands that make sense next. */
  next: z.array(z.string()),
});
export type ShownRun = DeepReadonly<z.infer<typeof showOutputSchema>>;
