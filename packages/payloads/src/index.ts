export { createPayloadStore, type PayloadStoreOptions } from './create-payload-store.js';
export { contentKey, builderVersion, type KeyInput } from './key/content-key.js';
