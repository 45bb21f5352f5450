import { z } from 'zod';

/** The server, as it describes itself. */
export interface Server {
  /** `trusted` when this client may use it, else `untrusted`. */
  readonly auth: string;
  /** What the server can do beyond the first API; ask here and never for a version. */
  readonly apiExtensions: readonly string[];
  readonly serverVersion: string;
  readonly serverName: string;
  /** True when it is a member of a cluster. */
  readonly clustered: boolean;
  /** The project requests without one go to. */
  readonly project: string;
  readonly kernelVersion: string;
  /** Drivers of instances in use, for example `lxc` or `lxc | qemu`. */
  readonly driver: string;
  /** Drivers of storage pools in use, for example `dir`. */
  readonly storage: string;
  readonly architectures: readonly string[];
}

/** Reads the server's description; an untrusted client gets one without an environment. */
export const serverSchema: z.ZodType<Server> = z
  .object({
    auth: z.string(),
    api_extensions: z.array(z.string()).default([]),
    environment: z
      .object({
        server_version: z.string().default(''),
        server_name: z.string().default(''),
        server_clustered: z.boolean().default(false),
        project: z.string().default('default'),
        kernel_version: z.string().default(''),
        driver: z.string().default(''),
        storage: z.string().default(''),
        architectures: z.array(z.string()).default([]),
      })
      .prefault({}),
  })
  .transform(({ auth, api_extensions, environment: env }) => ({
    auth,
    apiExtensions: api_extensions,
    serverVersion: env.server_version,
    serverName: env.server_name,
    clustered: env.server_clustered,
    project: env.project,
    kernelVersion: env.kernel_version,
    driver: env.driver,
    storage: env.storage,
    architectures: env.architectures,
  }));

/** Whether the server has an API extension. */
export function hasExtension(server: Server, extension: string): boolean {
  return server.apiExtensions.includes(extension);
}
