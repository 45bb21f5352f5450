import { z } from 'zod';

/** A service in `plan.json`. */
export const plannedServiceRecordSchema = z.object({
  name: z.string(),
  command: z.string(),
  image: z.string().nullable().default(null),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  port: z
    .union([z.int(), z.literal('auto')])
    .nullable()
    .default(null),
  /** Null: it is ready when something listens at its port. */
  readyCommand: z.string().nullable().default(null),
  readyTimeoutSeconds: z.int(),
});
export type PlannedServiceRecord = z.infer<typeof plannedServiceRecordSchema>;

/**
 * How a service ended: it was `stopped` with the job, had `ended` by itself while the job ran, or never became ready,
 * because it `failed` by itself, was too slow (`not_ready`), or nobody waited for it any more (`cancelled`).
 */
export const serviceStateSchema = z.enum(['stopped', 'ended', 'failed', 'not_ready', 'cancelled']);
export type ServiceState = z.infer<typeof serviceStateSchema>;

/** A service in the record of the job it was of. */
export const jobServiceRecordSchema = z.object({
  name: z.string(),
  state: serviceStateSchema,
  /** From the start of the service until it could be used. */
  readyAfterMs: z.int().nullable().default(null),
  /** Null when it did not end by itself. */
  exitCode: z.int().nullable().default(null),
  port: z.int().nullable().default(null),
  /** Name of its instance; null for a process. */
  instance: z.string().nullable().default(null),
  /** What it printed. */
  logPath: z.string(),
});
export type JobServiceRecord = z.infer<typeof jobServiceRecordSchema>;
