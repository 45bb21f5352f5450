import { z } from 'zod';
import { identifierSchema } from '../identifiers.js';
import { environmentSchema } from './payload-config.js';
import { commandsSchema } from './commands-config.js';

/** How pikaci finds out that a service can be used. */
export const serviceReadinessSchema = z.union([
  z.strictObject({
    /** A command, run where the service runs, again and again until it ends with 0. */
    run: z.string().min(1),
  }),
  z.strictObject({
    /** Something listens at the service's port. */
    port: z.literal(true),
  }),
]);

/** A process or an instance that runs beside a job's command, which talks to it. It ends with the job. */
export const serviceConfigSchema = z.strictObject({
  /** As the `run` of a job; the service is there for as long as it does not end. */
  run: commandsSchema,
  shell: z.string().min(1).optional(),
  /** The directory of its working tree that it starts in. */
  cwd: z.string().min(1).optional(),
  /** Alias of the image of its instance; the one of the job unless set. The process runtime has no images. */
  image: z.string().min(1).optional(),
  env: environmentSchema.default({}),
  /**
   * The TCP port that it listens at, on 127.0.0.1. `auto`: a free one, which it finds in `PORT`. The job finds it in
   * `PIKACI_SERVICE_<NAME>_PORT` in any case.
   */
  port: z.union([z.int().min(1).max(65535), z.literal('auto')]).optional(),
  /** `{ port: true }` unless set. */
  ready: serviceReadinessSchema.optional(),
  /** Most time between its start and the moment in which it can be used. */
  readyTimeoutSeconds: z.int().positive().default(60),
});
export type ServiceConfig = z.infer<typeof serviceConfigSchema>;

/** The services of a job, by their names. */
export const servicesConfigSchema = z.record(identifierSchema, serviceConfigSchema);
