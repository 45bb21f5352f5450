export { snapshotSteps, type OnSnapshotStep, type SnapshotStep } from './snapshot-steps.js';
export { createSnapshotStore, type SnapshotStoreOptions } from './create-snapshot-store.js';
export {
  hashTreeV1,
  hashWorkspaceV1,
  type WorkspaceContentHash,
} from './content-hash/content-hash.js';
export { contentHashProfiles, type ContentHashProfile } from './content-hash/source-filter.js';
export {
  findStoredSnapshot,
  readStoredSnapshot,
  type StoredSnapshot,
} from './stored/stored-snapshot.js';
export { measureSnapshot, type SnapshotMeasure } from './stored/measure-snapshot.js';
export { snapshotHash, snapshotHashVersion } from './snapshot-hash.js';
export type { SnapshotGlobs } from './snapshot-rules.js';
export { readSnapshotMarker } from './snapshot-marker.js';
