import { z } from 'zod';

/** What kind of machine an instance is. */
export type InstanceType = 'container' | 'virtual-machine';

/** Configuration keys and their values; Incus keeps numbers and truth values as text, too. */
export type InstanceConfig = Readonly<Record<string, string>>;

/** The options of one device, `type` among them. */
export type Device = Readonly<Record<string, string>>;

/** Devices by name. */
export type Devices = Readonly<Record<string, Device>>;

const strings = z.record(z.string(), z.string());

const wireInstance = z.object({
  name: z.string(),
  type: z.enum(['container', 'virtual-machine']),
  status: z.string(),
  status_code: z.number(),
  architecture: z.string().default(''),
  description: z.string().default(''),
  ephemeral: z.boolean().default(false),
  stateful: z.boolean().default(false),
  profiles: z.array(z.string()).nullish(),
  config: strings,
  devices: z.record(z.string(), strings),
  expanded_config: strings.nullish(),
  expanded_devices: z.record(z.string(), strings).nullish(),
  created_at: z.string(),
  location: z.string().default('none'),
  project: z.string().default('default'),
});

/** An instance as the server describes it. */
export interface Instance {
  readonly name: string;
  readonly type: InstanceType;
  /** `Running`, `Stopped`, `Frozen`, `Error`… */
  readonly status: string;
  readonly statusCode: number;
  readonly architecture: string;
  readonly description: string;
  /** Deleted by the server when it stops. */
  readonly ephemeral: boolean;
  readonly stateful: boolean;
  readonly profiles: readonly string[];
  /** The instance's own keys, `volatile.*` among them. */
  readonly config: InstanceConfig;
  /** The instance's own devices. */
  readonly devices: Devices;
  /** Keys with those of the profiles. */
  readonly expandedConfig: InstanceConfig;
  /** Devices with those of the profiles. */
  readonly expandedDevices: Devices;
  /** Time of creation, RFC 3339. */
  readonly createdAt: string;
  /** The cluster member it is on; `none` outside a cluster. */
  readonly location: string;
  readonly project: string;
  /** `volatile.uuid`: tells this instance from a later one of the same name. */
  readonly uuid: string | undefined;
}

/** Reads an instance from the API's JSON. */
export const instanceSchema: z.ZodType<Instance> = wireInstance.transform((wire) => ({
  name: wire.name,
  type: wire.type,
  status: wire.status,
  statusCode: wire.status_code,
  architecture: wire.architecture,
  description: wire.description,
  ephemeral: wire.ephemeral,
  stateful: wire.stateful,
  profiles: wire.profiles ?? [],
  config: wire.config,
  devices: wire.devices,
  expandedConfig: wire.expanded_config ?? wire.config,
  expandedDevices: wire.expanded_devices ?? wire.devices,
  createdAt: wire.created_at,
  location: wire.location,
  project: wire.project,
  uuid: wire.config['volatile.uuid'],
}));

/** A list of instances from the API's JSON. */
export const instanceListSchema: z.ZodType<Instance[]> = z.array(instanceSchema);
