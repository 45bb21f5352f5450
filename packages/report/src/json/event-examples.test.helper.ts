import { runEventCodec, type RunEvent, type UnstampedRunEvent } from '@pikaci/model';
import { exampleRunId as runId, jobRecordOf, runRecordOf } from '@pikaci/testkit';

const running = { status: 'running', finishedAt: null, exitCode: null } as const;
const failed = {
  status: 'failed',
  exitCode: 1,
  failureKind: 'job',
  message: 'exited with 1',
} as const;
const node = { runId, nodeId: 'prepare-node-modules', description: 'prepare node-modules' };

/** One event of each kind. */
const examples: { readonly [Kind in RunEvent['event']]: UnstampedRunEvent } = {
  run_started: {
    event: 'run_started',
    runId,
    createdAt: '2026-03-07T00:00:01.000+00:00',
    rerunOf: null,
    targetId: 'pre-merge',
    targetDescription: 'what must be green before a merge',
  },
  snapshot_taken: { event: 'snapshot_taken', runId, hash: '5af0', reused: true, durationMs: 12 },
  plan_made: {
    event: 'plan_made',
    runId,
    planPath: `/state/runs/${runId}/plan.json`,
    prepareNodeIds: ['prepare-node-modules'],
    jobIds: ['unit', 'e2e'],
  },
  prepare_started: { event: 'prepare_started', ...node },
  prepare_finished: {
    event: 'prepare_finished',
    ...node,
    status: 'passed',
    reused: true,
    buildMs: 41_200,
    durationMs: 9,
    failure: null,
  },
  job_started: { event: 'job_started', runId, job: jobRecordOf('unit', running) },
  job_phase: { event: 'job_phase', runId, jobId: 'unit', phase: 'launch_guest' },
  job_waiting: {
    event: 'job_waiting',
    runId,
    jobId: 'deploy',
    group: 'deploy',
    inside: [`job deploy of run ${runId}`],
  },
  job_attempt_finished: {
    event: 'job_attempt_finished',
    runId,
    job: jobRecordOf('unit', failed),
    retryInMs: 1000,
  },
  job_finished: { event: 'job_finished', runId, job: jobRecordOf('unit') },
  job_skipped: {
    event: 'job_skipped',
    runId,
    job: jobRecordOf('e2e', { status: 'skipped', exitCode: null, message: 'unit failed' }),
  },
  cancel_requested: {
    event: 'cancel_requested',
    runId,
    jobId: null,
    now: false,
    reason: 'interrupted by SIGINT',
  },
  run_resumed: { event: 'run_resumed', runId, keptJobIds: ['unit'] },
  run_finished: { event: 'run_finished', run: runRecordOf([jobRecordOf('unit')]) },
};

/** The kinds of events, in the order in which a run has them. */
export const eventKinds = Object.keys(examples) as readonly RunEvent['event'][];

/** A line of an event stream of this kind, as it is written. */
export function exampleLine(kind: RunEvent['event']): string {
  const sequence = eventKinds.indexOf(kind) + 1;
  const time = '2026-03-07T00:00:02.000+00:00';
  return JSON.stringify(runEventCodec.encode({ ...examples[kind], sequence, time }));
}
