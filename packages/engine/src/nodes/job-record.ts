import {
  describeFailure,
  failure,
  formatTimestamp,
  jobRecordSchema,
  type ExecuteNode,
  type Failure,
  type FailureKind,
  type JobOutcome,
  type JobRecord,
  type TestResults,
} from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';

/** How an attempt ended, with what its test reports say, if it has any. */
export interface AttemptOutcome extends JobOutcome {
  readonly testResults?: TestResults | null;
}

/** The record of a job that starts now. */
export function startedJobRecord(run: PlannedRun, node: ExecuteNode): JobRecord {
  const recorded = run.nodeRecords.get(node.id);
  const { job } = node;
  return jobRecordSchema.parse({
    id: job.id,
    description: job.description,
    status: 'running',
    executor: recorded?.executor ?? job.runtime,
    planNodeId: node.id,
    timeoutSecs: job.timeoutSeconds,
    hostLogPath: job.hostContext.hostLogPath,
    guestLogPath: job.hostContext.guestLogPath,
    startedAt: formatTimestamp(run.ports.clock.now()),
    preExecutionPrepareDurationMs: prepareDurationMs(run, node),
    runtime: recorded?.kind === 'execute' ? recorded.runtime : job.runtime,
    placement: job.placement,
  });
}

/** The record of a job that ran to its end. */
export function finishedJobRecord(
  run: PlannedRun,
  started: JobRecord,
  outcome: AttemptOutcome,
): JobRecord {
  const failed = outcome.verdict === 'passed' ? null : (outcome.failure ?? unnamed(outcome));
  const node = run.nodes.get(started.planNodeId ?? '');
  const mayFail = node?.kind === 'execute' && node.job.allowFailure;
  return {
    ...started,
    status: outcome.verdict,
    flaky: outcome.verdict === 'passed' && started.attempt > 1,
    finishedAt: formatTimestamp(run.ports.clock.now()),
    exitCode: outcome.exitCode,
    message: outcome.message,
    remoteLinuxVmExecution: outcome.execution,
    allowedFailure: mayFail && failed !== null && ownFailures.includes(failed.kind),
    failureKind: failed?.kind ?? null,
    failure: failed,
    payloads: [...outcome.payloads],
    services: [...(outcome.services ?? [])],
    artifacts: [...outcome.artifacts],
    testResults: outcome.testResults ?? null,
    notes: [...outcome.notes],
  };
}

/** Failures that say something of the job. */
const ownFailures: readonly FailureKind[] = ['job', 'timeout'];

/** The record of a job that was never started: skipped, or failed by what it depends on. */
export function unstartedJobRecord(
  run: PlannedRun,
  node: ExecuteNode,
  message: string,
  failed: Failure | null,
): JobRecord {
  const started = startedJobRecord(run, node);
  return {
    ...started,
    status: failed === null ? 'skipped' : 'failed',
    finishedAt: started.startedAt,
    message,
    failureKind: failed?.kind ?? null,
    failure: failed,
  };
}

/** The outcome of a job whose command could not be run, or not be followed to its end. */
export function failedOutcome(failed: Failure): JobOutcome {
  return {
    verdict: 'failed',
    exitCode: null,
    message: describeFailure(failed),
    failure: failed,
    execution: null,
    payloads: [],
    artifacts: [],
    reports: [],
    notes: [],
    released: Promise.resolve(),
  };
}

function unnamed(outcome: JobOutcome): Failure {
  return failure('job', outcome.message);
}

/** Null where nothing was prepared for the job, or it took no time. Shared nodes count in full for each job. */
function prepareDurationMs(run: PlannedRun, node: ExecuteNode): number | null {
  const sum = run.state.record.prepareTimings
    .filter((timing) => node.dependsOn.includes(timing.nodeId))
    .reduce((total, timing) => total + timing.durationMs, 0);
  return sum === 0 ? null : sum;
}
