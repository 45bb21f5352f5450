export * from './parse-entrypoint-references.js';
export * from './resolve-entrypoint-references.js';
