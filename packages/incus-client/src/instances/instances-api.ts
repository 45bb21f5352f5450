import type { CallOptions } from '../call-options.js';
import type { IncusResult } from '../incus-error.js';
import type { Instance } from './instance.js';
import type { InstanceState } from './instance-state.js';
import type { InstanceDefinition, InstancePatch, InstanceSpec } from './instance-spec.js';

/** A change of an instance's state. */
export interface StateChange {
  readonly action: 'start' | 'stop' | 'restart' | 'freeze' | 'unfreeze';
  /** Stop without asking the guest. Without it a stop right after a start can hang for ten minutes. */
  readonly force?: boolean | undefined;
  /** How long the server waits for the guest. */
  readonly timeoutSeconds?: number | undefined;
}

/** Where to put an instance, and how long to try. */
export interface CreateOptions extends CallOptions {
  /** A cluster member, or a group as `@group`. */
  readonly target?: string | undefined;
}

/** Options of a list. */
export interface ListOptions extends CallOptions {
  /** An OData filter such as `config.user.owner eq me`. */
  readonly filter?: string | undefined;
}

/** Options of a change that must not overwrite somebody else's. */
export interface ChangeOptions extends CallOptions {
  /** The etag of the state the change was made from; another state is an `api` error 412. */
  readonly etag?: string | undefined;
}

/** Which instance to remove, and how long to try. */
export interface RemoveOptions extends CallOptions {
  /** The `uuid` of the instance that is meant: a later one of the same name is left alone. */
  readonly uuid?: string | undefined;
}

/** An instance and the etag of what was read. */
export interface InstanceWithEtag extends Instance {
  readonly etag: string | undefined;
}

/** Instances: create, read, change, delete. Requests refused because an instance is busy are repeated for a while. */
export interface InstancesApi {
  /** Creates an instance and waits until it exists. */
  create(spec: InstanceSpec, options?: CreateOptions): Promise<IncusResult<void>>;
  /** Reads one instance; a missing one is an `api` error 404. */
  get(name: string, options?: CallOptions): Promise<IncusResult<InstanceWithEtag>>;
  /** Reads many in one request. */
  list(options?: ListOptions): Promise<IncusResult<readonly Instance[]>>;
  /** Reads what the guest is doing. */
  getState(name: string, options?: CallOptions): Promise<IncusResult<InstanceState>>;
  /** Starts, stops, freezes… and waits until it is done. */
  setState(name: string, change: StateChange, options?: CallOptions): Promise<IncusResult<void>>;
  /** Deletes a stopped instance and waits until it is gone. */
  delete(name: string, options?: CallOptions): Promise<IncusResult<void>>;
  /**
   * Stops an instance by force and deletes it, whatever state it is in; success means that it is gone. Needed because
   * for a while after a failed start Incus calls an instance stopped and running at once.
   */
  remove(name: string, options?: RemoveOptions): Promise<IncusResult<void>>;
  /** Merges changes into an instance, for example hot-plugs a device. */
  patch(name: string, patch: InstancePatch, options?: ChangeOptions): Promise<IncusResult<void>>;
  /** Replaces an instance's whole definition, for example to take a device away. */
  replace(
    name: string,
    definition: InstanceDefinition,
    options?: ChangeOptions,
  ): Promise<IncusResult<void>>;
  /** Reads a log file such as `lxc.log`. */
  log(name: string, file: string, options?: CallOptions): Promise<IncusResult<string>>;
  /**
   * The lines of the low-level log that say why a start failed: the operation's own error says only that a helper
   * program did. Empty when there are none.
   */
  explainStartFailure(name: string, options?: CallOptions): Promise<IncusResult<readonly string[]>>;
}
