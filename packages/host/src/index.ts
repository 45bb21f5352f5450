export * from './command/ask-until.js';
export * from './command/capture-command.js';
export * from './command/command-spec.js';
export * from './command/last-lines.js';
export { runCommand } from './command/run-command.js';
export * from './files/copy-tree.js';
export * from './files/flush-file-system.js';
export * from './files/indexed-log.js';
export * from './files/limited-log.js';
export {
  assembleLimitedLog,
  findLimitMark,
  readLimitMark,
  type LimitMark,
  type LimitedLogEnd,
} from './files/limited-log-assembly.js';
export {
  createMemoryDirectory,
  sweepMemoryDirectories,
  type MemoryDirectory,
} from './files/memory-directory.js';
export * from './files/mount-point.js';
export * from './files/own-tree.js';
export * from './files/private-directory.js';
export * from './files/remove-tree.js';
export * from './files/staging-directory.js';
export { sweepTemporaryFiles, writeFileAtomically } from './files/write-file-atomically.js';
export {
  createConcurrencyGroups,
  type ConcurrencyGroupsOptions,
} from './groups/create-concurrency-groups.js';
export { privateDirectory, runtimeDirectory } from './groups/runtime-directory.js';
export * from './lock/acquire-lock.js';
export { findDeadLocks, releaseDeadLock, type DeadLock } from './lock/dead-locks.js';
export * from './lock/lock-owner.js';
export * from './lock/owner.js';
export * from './lock/owner-name.js';
export * from './processes/end-marked-processes.js';
export { readProcess } from './processes/list-processes.js';
export * from './system-error.js';
export * from './terminal/run-at-terminal.js';
