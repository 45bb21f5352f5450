export { snapshotSteps, type OnSnapshotStep, type SnapshotStep } from './snapshot-steps.js';
export { createSnapshotStore, type SnapshotStoreOptions } from './create-snapshot-store.js';
export { snapshotHash, snapshotHashVersion } from './snapshot-hash.js';
export type { SnapshotGlobs } from './snapshot-rules.js';
export { readSnapshotMarker } from './snapshot-marker.js';
