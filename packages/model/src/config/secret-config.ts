import { z } from 'zod';

/** Name of a secret: that of the environment variable by which jobs get it, unless they choose another. */
export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,79}$/, 'must be the name of an environment variable');

/** Where the value of a secret comes from. The value itself is in no configuration. */
export const secretSourceSchema = z.union([
  /** A variable of the environment that pikaci is started in. */
  z.strictObject({ env: z.string().min(1) }),
  /** A file, absolute or relative to the workspace root; one line end at its end is no part of the value. */
  z.strictObject({ file: z.string().min(1) }),
  /** What a shell command prints, run in the workspace root; one line end at its end is no part of the value. */
  z.strictObject({ command: z.string().min(1) }),
]);
export type SecretSource = z.infer<typeof secretSourceSchema>;

/** A secret that a job gets, by its name alone or with what is special to this job. */
export const jobSecretSchema = z.union([
  secretNameSchema,
  z.strictObject({
    secret: secretNameSchema,
    /** `env`: a variable holds the value. `file`: a variable holds the path of a file that only the job can read. */
    as: z.enum(['env', 'file']).default('env'),
    /** Name of the variable; the secret's own unless set. */
    name: secretNameSchema.optional(),
  }),
]);
export type JobSecret = z.infer<typeof jobSecretSchema>;
