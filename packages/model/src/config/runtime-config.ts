import { z } from 'zod';

/** Where a job's command runs. */
export const runtimeIdSchema = z.enum(['process', 'incus']);
export type RuntimeId = z.infer<typeof runtimeIdSchema>;

/** Most that an instance may use of its host. */
export const resourceLimitsSchema = z.strictObject({
  /** Processors. */
  cpu: z.int().positive().optional(),
  /** As Incus reads it, e.g. `4GiB`. */
  memory: z
    .string()
    .regex(/^\d+(B|[kMGT]B|[KMGT]iB)$/, 'must be a size such as 4GiB')
    .optional(),
  /** Most processes in a container. */
  processes: z.int().positive().optional(),
});
export type ResourceLimits = z.infer<typeof resourceLimitsSchema>;

/** Settings of the Incus runtime. Flags and environment variables override `socket` and `image`. */
export const incusRuntimeSchema = z.strictObject({
  socket: z.string().min(1).default('/var/lib/incus/unix.socket'),
  project: z.string().min(1).default('default'),
  profiles: z.array(z.string().min(1)).default(['default']),
  /** Alias of the guest image; it is resolved to a fingerprint once a run. */
  image: z.string().min(1).optional(),
  instance: z.enum(['container', 'virtual-machine']).default('container'),
  limits: resourceLimitsSchema.default({}),
  /** Lets jobs run containers of their own; it weakens the isolation of the guest. */
  nesting: z.boolean().default(false),
  /** From the request for an instance until its guest is ready for the command. */
  provisionTimeoutSeconds: z.int().positive().default(300),
});
export type IncusRuntimeConfig = z.infer<typeof incusRuntimeSchema>;

export const runtimesConfigSchema = z.strictObject({
  incus: incusRuntimeSchema.default(incusRuntimeSchema.parse({})),
});
export type RuntimesConfig = z.infer<typeof runtimesConfigSchema>;
