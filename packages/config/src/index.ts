export { closestMatch } from './closest-match.js';
export type { ConfigOrigin, OriginOf } from './config-origin.js';
export { configFileNames } from './config-format.js';
export { defineConfig } from './define-config.js';
export { findConfigFile } from './find-config-file.js';
export { findWorkspaceRoot } from './find-workspace-root.js';
export { configJsonSchema, configVersion } from './json-schema.js';
export {
  loadConfig,
  type ConfigWarning,
  type LoadConfigOptions,
  type LoadedConfig,
} from './load-config.js';
export { findTools } from './first-config/find-tools.js';
export {
  firstConfigFormats,
  formatFirstConfig,
  type FirstConfigFormat,
} from './first-config/format-first-config.js';
export type { FoundTool } from './first-config/found-tool.js';
export { makeFirstConfig, type FirstConfig } from './first-config/make-first-config.js';
export { readProjectFiles } from './first-config/read-project-files.js';
