export * from './cache-layout.js';
export * from './containment.js';
export * from './run-layout.js';
export * from './state-root.js';
