import type { Devices, InstanceConfig, InstanceType } from './instance.js';

/** What an instance is to be. */
export interface InstanceSpec {
  /** 1 to 63 ASCII letters, digits and dashes. */
  readonly name: string;
  readonly type: InstanceType;
  /** The image's fingerprint: an alias could come to mean another image between two calls. */
  readonly fingerprint: string;
  readonly description?: string | undefined;
  readonly config?: InstanceConfig | undefined;
  /** All devices at once: a VM has eight slots for later ones only. */
  readonly devices?: Devices | undefined;
  /** Left out: the server's `default`. */
  readonly profiles?: readonly string[] | undefined;
  /** Deleted by the server when it stops; one whose start fails may stay behind all the same. */
  readonly ephemeral?: boolean | undefined;
  /** Also start it. One request less, but an error no longer says which of the two failed. */
  readonly start?: boolean | undefined;
}

/** The body of the request that creates the instance. */
export function createBody(spec: InstanceSpec): object {
  const { fingerprint, ...rest } = spec;
  return { ...rest, source: { type: 'image', fingerprint } };
}

/** The part of an instance that can be written. */
export interface InstanceDefinition {
  readonly architecture: string;
  readonly description: string;
  readonly ephemeral: boolean;
  readonly stateful: boolean;
  readonly profiles: readonly string[];
  readonly config: InstanceConfig;
  readonly devices: Devices;
}

/** Changes to merge into an instance: keys and devices that are not named stay. An empty value removes a key. */
export type InstancePatch = Partial<InstanceDefinition>;

/**
 * The writable part of an instance as it was read, to be changed and written back with `replace`. The `volatile.*`
 * keys are part of it: Incus refuses a definition without them.
 */
export function definitionOf(instance: InstanceDefinition): InstanceDefinition {
  const { architecture, description, ephemeral, stateful, profiles, config, devices } = instance;
  return { architecture, description, ephemeral, stateful, profiles, config, devices };
}
