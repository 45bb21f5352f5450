import { z } from 'zod';

/** One of several commands that a job consists of. */
export const jobStepSchema = z.strictObject({
  /** What the job's output calls it; its command unless set. */
  name: z.string().min(1).optional(),
  run: z.string().min(1),
});
export type JobStep = z.infer<typeof jobStepSchema>;

/**
 * A shell command, run at the root of the working tree; or several, one after another, each by a shell of its own,
 * until one of them fails.
 */
export const commandsSchema = z.union([
  z.string().min(1),
  z.array(z.union([z.string().min(1), jobStepSchema])).min(1),
]);
