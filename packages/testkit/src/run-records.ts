import type { JobRecord, RunRecord } from '@pikaci/model';

/** The run id of {@link runRecordOf}. */
export const exampleRunId = '20260307T000001Z-aaaa0001';

/** A job's record that passed in 3.2 seconds; give what differs. */
export function jobRecordOf(id: string, different: Partial<JobRecord> = {}): JobRecord {
  const jobDir = `/state/runs/${exampleRunId}/jobs/${id}`;
  return {
    schemaVersion: 1,
    id,
    description: `what ${id} does`,
    status: 'passed',
    executor: 'host_local',
    planNodeId: `execute-${id}`,
    timeoutSecs: 60,
    hostLogPath: `${jobDir}/host.log`,
    guestLogPath: `${jobDir}/artifacts/guest.log`,
    startedAt: '2026-03-07T00:00:02.000+00:00',
    finishedAt: '2026-03-07T00:00:05.200+00:00',
    exitCode: 0,
    message: null,
    preExecutionPrepareDurationMs: null,
    remoteLinuxVmExecution: null,
    runtime: 'process',
    placement: 'local',
    attempt: 1,
    attempts: [],
    flaky: false,
    allowedFailure: false,
    failureKind: null,
    failure: null,
    payloads: [],
    services: [],
    artifacts: [],
    testResults: null,
    notes: [],
    ...different,
  };
}

/** A run's record that passed in 9 seconds, of the target `pre-merge`; give what differs. */
export function runRecordOf(jobs: JobRecord[], different: Partial<RunRecord> = {}): RunRecord {
  return {
    runId: exampleRunId,
    status: 'passed',
    rerunOf: null,
    targetId: 'pre-merge',
    targetDescription: null,
    sourceRoot: '/workspace',
    snapshotDir: '/state/cache/snapshots/5af0/snapshot',
    gitHead: null,
    gitDirty: null,
    createdAt: '2026-03-07T00:00:01.000+00:00',
    finishedAt: '2026-03-07T00:00:10.000+00:00',
    planPath: `/state/runs/${exampleRunId}/plan.json`,
    preparedOutputsPath: null,
    preparedOutputConsumer: null,
    preparedOutputMode: null,
    preparedOutputInvocationMode: null,
    preparedOutputInvocationWrapperProgram: null,
    preparedOutputLauncherTransportMode: null,
    preparedOutputLauncherTransportProgram: null,
    preparedOutputLauncherTransportHost: null,
    preparedOutputLauncherTransportRemoteLauncherProgram: null,
    preparedOutputLauncherTransportRemoteHelperProgram: null,
    preparedOutputLauncherTransportRemoteWorkDir: null,
    changedFiles: [],
    filters: [],
    message: null,
    prepareTimings: [],
    jobs,
    schemaVersion: 1,
    snapshotHash: '5af0',
    failureKind: null,
    failure: null,
    owner: null,
    resumedAt: [],
    reusedResults: [],
    trace: null,
    ...different,
  };
}
