export { buildRunPlan, type PlanInput } from './build-run-plan.js';
export { jobPayloadIds } from './host-context.js';
export { nodeIds } from './node-ids.js';
export { executorOf, installableOf, planRecord } from './plan-record.js';
export { selectJobs } from './select-jobs.js';
export { addStagedMountConsumer } from './staged-mount-consumer.js';
