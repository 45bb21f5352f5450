export { buildRunPlan, type PlanInput } from './build-run-plan.js';
export { decideByChanges, type ChangeDecision } from './decide-by-changes.js';
export { payloadsOfJob, type PayloadOfJob } from './host-context.js';
export { nodeIds } from './node-ids.js';
export { executorOf, installableOf, planRecord } from './plan-record.js';
export { selectByChanges, type ChangeSelection, type NamedDecision } from './select-by-changes.js';
export { selectJobs } from './select-jobs.js';
export { addStagedMountConsumer } from './staged-mount-consumer.js';
