export { heartbeatIntervalMs } from './heartbeat.js';
export {
  currentOwner,
  describeOwner,
  isOwnerGone,
  systemOwnerProbe,
  type OwnerIdentity,
  type OwnerProbe,
} from './owner.js';
export { latestReference } from './run-reference.js';
export { createRunStore, type RunStoreOptions } from './run-store.js';
