export { detectNamespaces, type NamespaceSupport } from './namespace/detect-namespaces.js';
export { checkNetwork } from './namespace/network-none.js';
export type { NamespaceLauncher } from './namespace/launcher.js';
export { createProcessRuntime, type ProcessRuntimeOptions } from './process-runtime.js';
export {
  createProcessBuildRuntime,
  type ProcessBuildRuntimeOptions,
} from './build/process-build-runtime.js';
