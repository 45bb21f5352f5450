import { z } from 'zod';
import type { DeepReadonly } from '../deep-readonly.js';
import { outputVersion } from './output.js';

const doctorCheckSchema = z.object({
  /** What was looked at, e.g. `node`. */
  name: z.string(),
  /** `warn`: works, but not as well as it could. `missing`: what needs it does not work. */
  status: z.enum(['ok', 'warn', 'missing']),
  /** What is there. */
  detail: z.string(),
  /** True when the chosen runtime cannot do without it. */
  required: z.boolean(),
  /** What to do about it; null when nothing is to be done. */
  hint: z.string().nullable(),
});
/** What `doctor` found out about one thing. */
export type DoctorCheck = DeepReadonly<z.infer<typeof doctorCheckSchema>>;

/** What is there of what pikaci needs. */
export const doctorOutputSchema = z.object({
  ...outputVersion,
  checks: z.array(doctorCheckSchema),
});

const keptPlaceSchema = z.object({
  runId: z.string(),
  jobId: z.string(),
  /** In words, such as `instance pikaci-…`. */
  what: z.string(),
  /** RFC 3339. */
  until: z.string(),
});

/** What was found of processes that are gone, and what became of it. */
export const sweepOutputSchema = z.object({
  ...outputVersion,
  closed: z.array(
    z.object({
      runId: z.string(),
      /** Jobs that had no terminal record before. */
      markedJobs: z.number(),
    }),
  ),
  removed: z.array(z.string()),
  problems: z.array(z.string()),
  /** What `run --keep on-failure` has kept, and was left alone. */
  kept: z.array(keptPlaceSchema),
});

/** What dead processes have left, as it is found without changing anything. */
export const sweepDryRunOutputSchema = z.object({
  ...outputVersion,
  /** Runs that say they are running, and whose processes are gone. */
  abandoned: z.array(z.string()),
  /** Runs of which something is left outside of their records: instances, processes, working trees. */
  remains: z.array(z.string()),
  /** Paths of half-made things. */
  files: z.array(z.string()),
  problems: z.array(z.string()),
  /** What `run --keep on-failure` has kept. */
  kept: z.array(keptPlaceSchema),
});

/** What `gc --pin` and `gc --unpin` did. */
export const gcPinOutputSchema = z.object({
  ...outputVersion,
  runId: z.string(),
  isPinned: z.boolean(),
});
