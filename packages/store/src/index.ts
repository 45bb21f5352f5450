export {
  extractArtifacts,
  type Extracted,
  type Extraction,
} from './artifacts/extract-artifacts.js';
export {
  listArtifacts,
  type Artifact,
  type LeftOutArtifact,
  type ListedArtifacts,
} from './artifacts/list-artifacts.js';
export {
  findUnrecordedRuns,
  longestCreationMs,
  removeTemporaryFiles,
  removeUnrecordedRuns,
} from './dead-files.js';
export { findBrokenRemovals, sweepBrokenRemovals } from './gc/broken-removals.js';
export { collectOldRuns, type OldRunsOptions } from './gc/collect-old-runs.js';
export { isPinned, pinRun, unpinRun } from './gc/pin-run.js';
export { removeRun, type RunRemoval, type RunRemovalResult } from './gc/remove-run.js';
export { runRemovalSteps, type OnRunRemovalStep, type RunRemovalStep } from './gc/removal-steps.js';
export { heartbeatIntervalMs } from './heartbeat.js';
export {
  currentOwner,
  describeOwner,
  isOwnerGone,
  systemOwnerProbe,
  type OwnerIdentity,
  type OwnerProbe,
} from './owner.js';
export {
  endRunLease,
  ownLeaseName,
  readRunLeases,
  takeRunLease,
  type FoundRunLease,
} from './run-leases.js';
export { findOpenRuns, type OpenRun } from './open-runs.js';
export { latestReference } from './run-reference.js';
export { createRunStore, type RunStoreOptions } from './run-store.js';
