export { closeAbandonedRun, tellUntoldEnd } from './close-abandoned-run.js';
export { executeRun } from './execute-run.js';
export type { EnginePorts, RunReporter, RunRequest, RunTracing } from './ports.js';
export { recordedSnapshot } from './recorded-snapshot.js';
export { resumeRun } from './resume-run.js';
export type { RunIdentity } from './run-record.js';
export { recordSkippedRun, type SkippedRunRequest } from './skipped-run.js';
export { failureOrder } from './verdict.js';
