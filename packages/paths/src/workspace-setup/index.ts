export * from './build-setup.js';
export * from './job-environment.js';
export * from './workspace-setup.js';
