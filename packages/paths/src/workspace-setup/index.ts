export * from './build-setup.js';
export * from './job-environment.js';
export * from './secret-variables.js';
export * from './workspace-setup.js';
