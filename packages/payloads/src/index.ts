export { createPayloadStore, type PayloadStoreOptions } from './create-payload-store.js';
export { contentKey, builderVersion } from './key/content-key.js';
export { payloadSteps, type OnPayloadStep, type PayloadStep } from './store/payload-steps.js';
export { treeDigest } from './digest/tree-digest.js';
export { findLeftovers, sweepLeftovers, type Leftovers } from './store/sweep-leftovers.js';
