export { createPayloadStore, type PayloadStoreOptions } from './create-payload-store.js';
export { contentKey, builderVersion } from './key/content-key.js';
