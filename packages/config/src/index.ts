export { closestMatch } from './closest-match.js';
export type { ConfigOrigin, OriginOf } from './config-origin.js';
export { configFileNames } from './config-format.js';
export { defineConfig } from './define-config.js';
export { findConfigFile } from './find-config-file.js';
export { findWorkspaceRoot } from './find-workspace-root.js';
export { configJsonSchema, type JsonSchema } from './json-schema.js';
export {
  loadConfig,
  type ConfigWarning,
  type LoadConfigOptions,
  type LoadedConfig,
} from './load-config.js';
