import { z } from 'zod';
import { recordCodec } from '../codec.js';

/** What somebody asks of a run from another process: one file each below `requests` of the run's directory. */
export const runRequestRecordSchema = z.object({
  schemaVersion: z.int().default(1),
  request: z.literal('cancel'),
  /** Only this job; null: the whole run. */
  jobId: z.string().nullable().default(null),
  /** Without waiting for the grace of the jobs. */
  now: z.boolean().default(false),
  /** Who asked, for the record. */
  by: z.string(),
  requestedAt: z.string(),
});
export type RunRequestRecord = z.infer<typeof runRequestRecordSchema>;

export const runRequestRecordCodec = recordCodec('request', runRequestRecordSchema);
