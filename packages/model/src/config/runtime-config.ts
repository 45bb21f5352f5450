import { z } from 'zod';

/** Where a job's command runs. */
export const runtimeIdSchema = z.enum(['process', 'incus']);
export type RuntimeId = z.infer<typeof runtimeIdSchema>;

/** Settings of the Incus runtime. Flags and environment variables override `socket` and `image`. */
export const incusRuntimeSchema = z.strictObject({
  socket: z.string().min(1).default('/var/lib/incus/unix.socket'),
  project: z.string().min(1).default('default'),
  profiles: z.array(z.string().min(1)).default(['default']),
  /** Alias of the guest image; it is resolved to a fingerprint once a run. */
  image: z.string().min(1).optional(),
  instance: z.enum(['container', 'virtual-machine']).default('container'),
  limits: z
    .strictObject({
      cpu: z.int().positive().optional(),
      /** As Incus reads it, e.g. `4GiB`. */
      memory: z
        .string()
        .regex(/^\d+(B|[kMGT]B|[KMGT]iB)$/, 'must be a size such as 4GiB')
        .optional(),
      /** Most processes in a container. */
      processes: z.int().positive().optional(),
    })
    .default({}),
});
export type IncusRuntimeConfig = z.infer<typeof incusRuntimeSchema>;

export const runtimesConfigSchema = z.strictObject({
  incus: incusRuntimeSchema.default(incusRuntimeSchema.parse({})),
});
export type RuntimesConfig = z.infer<typeof runtimesConfigSchema>;
