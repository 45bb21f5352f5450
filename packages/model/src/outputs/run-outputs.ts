import { z } from 'zod';
import { failureSchema } from '../failure.js';
import { statusSchema } from '../records/job-record.js';
import { runRecordSchema } from '../records/run-record.js';
import { outputVersion, type OutputValue } from './output.js';

/** Where the logs of a run's jobs are, in the form that readers of earlier records know. Paths are absolute. */
export const logsMetadataSchema = z.object({
  runId: z.string(),
  status: statusSchema,
  jobs: z.array(
    z.object({
      id: z.string(),
      hostLogPath: z.string(),
      guestLogPath: z.string(),
      /** Whether it is a file now. */
      hostLogExists: z.boolean(),
      guestLogExists: z.boolean(),
    }),
  ),
  ...outputVersion,
});
export type LogsMetadata = OutputValue<typeof logsMetadataSchema>;

/** The artifacts of a run, and what was copied of them. */
export const artifactsOutputSchema = z.object({
  ...outputVersion,
  runId: z.string(),
  artifacts: z.array(
    z.object({
      job: z.string(),
      /** Relative to the job's artifacts directory, with `/`. */
      path: z.string(),
      sizeBytes: z.number(),
      /** Absolute path. */
      file: z.string(),
    }),
  ),
  /** What lies among them and is no artifact. */
  leftOut: z.array(z.object({ job: z.string(), path: z.string(), reason: z.string() })),
  /** Null without `--extract`. Paths are absolute. */
  copy: z.object({ dir: z.string(), copied: z.array(z.string()) }).nullable(),
  /** Why not all were copied; absent when all were. */
  error: failureSchema.optional(),
});

/** A run's record, and the end of what each of its jobs printed. */
export const reportOutputSchema = z.object({
  ...outputVersion,
  run: runRecordSchema,
  logTails: z.array(
    z.object({
      job: z.string(),
      /** Oldest first. */
      lines: z.array(z.string()),
      /** Whether there is more of it before these. */
      isCut: z.boolean(),
      /** Where the whole of it is. */
      path: z.string(),
    }),
  ),
});
