import { z } from 'zod';
import type { DeepReadonly } from '../deep-readonly.js';
import { failureKindSchema, failureSchema } from '../failure.js';
import { statusSchema } from '../records/job-record.js';
import { outputVersion } from './output.js';

const listedTargetSchema = z.object({
  id: z.string(),
  description: z.string().nullable(),
  jobs: z.array(z.string()),
  isDefault: z.boolean(),
});
/** A target as `list` shows it. */
export type ListedTarget = DeepReadonly<z.infer<typeof listedTargetSchema>>;

const listedJobSchema = z.object({
  id: z.string(),
  description: z.string().nullable(),
  runtime: z.string(),
  payloads: z.array(z.string()),
  needs: z.array(z.string()),
});
/** A job as `list` shows it, defaults filled in. */
export type ListedJob = DeepReadonly<z.infer<typeof listedJobSchema>>;

/** What can be run, and what has been: of each run what tells it apart, the rest is in its record. */
export const listOutputSchema = z.object({
  ...outputVersion,
  targets: z.array(listedTargetSchema),
  jobs: z.array(listedJobSchema),
  /** Newest first. */
  runs: z.array(
    z.object({
      runId: z.string(),
      status: statusSchema,
      failureKind: failureKindSchema.nullable(),
      targetId: z.string().nullable(),
      createdAt: z.string(),
      finishedAt: z.string().nullable(),
      /** True when the record says `running` but its owner is gone. */
      abandoned: z.boolean(),
      jobs: z.array(z.object({ id: z.string(), status: statusSchema })),
    }),
  ),
  /** Records that cannot be read. */
  damaged: z.array(failureSchema),
});
