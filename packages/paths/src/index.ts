export * from './cache-layout.js';
export * from './canonical-sources.js';
export * from './containment.js';
export * from './dependency-mounts.js';
export * from './device-name.js';
export * from './entrypoint-references/index.js';
export * from './guest-layout.js';
export * from './instance-name.js';
export * from './job-mounts.js';
export * from './mount-overlaps.js';
<<<<<<< HEAD
export * from './nix-installable.js';
=======
export * from './path-pattern.js';
>>>>>>> wip-snapshot
export * from './payload-manifest-check.js';
export * from './printable-path.js';
export * from './run-layout.js';
export * from './shared-entries.js';
export * from './shell-quote.js';
export * from './snapshot-difference.js';
export * from './snapshot-entries.js';
export * from './staged-payload.js';
export * from './state-root.js';
export * from './workspace-setup/index.js';
