export { configureIncusDevices, type SourceKinds } from './disk-devices.js';
export { createIncusRuntime, type IncusRuntimeOptions } from './create-incus-runtime.js';
export { jobInstanceSpec, type JobInstance } from './instance-spec.js';
export { markKeys, readMarks, type InstanceMarks } from './marks.js';
export {
  createIncusBuildRuntime,
  type IncusBuildRuntimeOptions,
} from './build/create-incus-build-runtime.js';
export { connectIncus, type IncusConnection, type IncusSettings } from './incus-connection.js';
