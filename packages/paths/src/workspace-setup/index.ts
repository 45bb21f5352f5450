export * from './job-environment.js';
export * from './workspace-setup.js';
