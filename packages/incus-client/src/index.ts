export { defaultTimeLimits, type CallOptions } from './call-options.js';
export { createIncusClient, type IncusClient, type IncusClientOptions } from './client.js';
export { systemClock, type Clock } from './clock.js';
export * from './error-causes.js';
export * from './incus-error.js';
export type {
  EventSubscription,
  EventType,
  IncusEvent,
  SubscribeToEvents,
} from './events/events.js';
export type * from './exec/exec-api.js';
export {
  mayMeanInstanceGone,
  RETURN_CODE_DISCONNECTED,
  RETURN_CODE_KILLED,
  type ExecCommand,
  type ExecTerminalSize,
} from './exec/exec-command.js';
export type { FileMetadata, FileType } from './files/file-metadata.js';
export type * from './files/files-api.js';
export type { ImageAlias, ImagesApi } from './images/images-api.js';
export type {
  Device,
  Devices,
  Instance,
  InstanceConfig,
  InstanceType,
} from './instances/instance.js';
export {
  definitionOf,
  type InstanceDefinition,
  type InstancePatch,
  type InstanceSpec,
} from './instances/instance-spec.js';
export type { InstanceState } from './instances/instance-state.js';
export type * from './instances/instances-api.js';
export { hasExtension, type Server } from './server/server.js';
export type { ChunkSink } from './transport/read-body.js';
