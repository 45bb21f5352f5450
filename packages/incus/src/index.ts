export { configureIncusDevices, type SourceKinds } from './disk-devices.js';
export { createIncusRuntime, type IncusRuntimeOptions } from './create-incus-runtime.js';
export { jobInstanceSpec, ownerKeys, type JobInstance } from './instance-spec.js';
