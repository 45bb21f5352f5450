import { commandPayloadSchema, failure, type RunPlan } from '@pikaci/model';
import { plainJobSettings, exampleRunId, jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { formatCatalogue } from './catalogue-view.js';
import { formatDoctor } from './doctor-view.js';
import { formatFailure } from './failure-view.js';
import { formatPlanDetails } from './plan-details-view.js';
import { formatPlan } from './plan-view.js';
import { formatRunStatus } from './status-view.js';

describe('formatFailure', () => {
  it('says what, where, why and what to do next', () => {
    const failed = failure('config', 'Unknown key "job"', {
      location: { file: 'pikaci.config.json', line: 3, column: 5 },
      reason: 'the file has no such setting\nin this version',
      hint: 'Did you mean "jobs"?',
    });
    expect(formatFailure(failed)).toBe(`error: Unknown key "job"
  where: pikaci.config.json:3:5
  why:   the file has no such setting
         in this version
  next:  Did you mean "jobs"?`);
  });

  it('leaves out what is not known and neutralises what others wrote', () => {
    expect(formatFailure(failure('job', 'a\u001b[2Jb', { reason: '::error::x' }))).toBe(
      'error: ab\n  why:   \\::error::x',
    );
  });
});

describe('formatDoctor', () => {
  it('gives each check a line and says what to do', () => {
    expect(
      formatDoctor([
        { name: 'node', required: true, status: 'ok', detail: '20.19.0', hint: null },
        {
          name: 'incus socket',
          required: false,
          status: 'missing',
          detail: '/x\nis not there',
          hint: 'Start Incus.',
        },
      ]),
    ).toBe(`ok       node          20.19.0
missing  incus socket  /x is not there
         next: Start Incus.`);
  });
});

describe('formatCatalogue', () => {
  it('lists targets, jobs and runs in aligned columns', () => {
    const text = formatCatalogue({
      targets: [{ id: 'self', description: 'all of it', jobs: ['unit', 'lint'], isDefault: true }],
      jobs: [
        {
          id: 'unit',
          description: 'tests',
          runtime: 'process',
          payloads: ['deps'],
          needs: ['lint'],
        },
        { id: 'lint', description: null, runtime: 'incus', payloads: [], needs: [] },
      ],
      runs: [
        { record: runRecordOf([jobRecordOf('unit')]), abandoned: false },
        {
          record: runRecordOf([jobRecordOf('unit', { status: 'running' })], {
            status: 'running',
            finishedAt: null,
          }),
          abandoned: true,
        },
      ],
      damaged: [failure('infrastructure', 'The run record cannot be read')],
    });
    expect(text).toBe(`targets
  self (default)  unit, lint  all of it

jobs
  unit  process  payloads deps; needs lint  tests
  lint  incus

runs, newest first
  ${exampleRunId}  passed     9.0s  pre-merge  1 passed
  ${exampleRunId}  abandoned        pre-merge  1 running

error: The run record cannot be read`);
  });

  it('says so when there is nothing', () => {
    const text = formatCatalogue({ targets: [], jobs: [], runs: [], damaged: [] });
    expect(text).toBe('targets\n  none\n\njobs\n  none\n\nruns, newest first\n  none');
  });
});

describe('formatRunStatus', () => {
  it('names the run that it repeats, and the results that it goes by', () => {
    const record = runRecordOf([jobRecordOf('e2e')], {
      rerunOf: 'r1',
      reusedResults: [
        { jobId: 'build', runId: 'r1' },
        { jobId: 'lint', runId: 'r0' },
      ],
    });
    const text = formatRunStatus({ record, abandoned: false, payloads: [], recordPath: '/r' });
    expect(text).toMatch(/again {5}run r1\n.*reused {4}build of run r1, lint of run r0\n/u);
  });

  it('leads to the logs of jobs that failed, and calls runtimes by the names that people use', () => {
    const failed = jobRecordOf('red', { status: 'failed', runtime: 'host_process', exitCode: 1 });
    const record = runRecordOf([jobRecordOf('green'), failed]);
    const text = formatRunStatus({ record, abandoned: false, payloads: [], recordPath: '/r' });
    expect(text).toMatch(/red failed {4}process, .*exit code 1\n/u);
    expect(text).toContain(`      logs  npx pikaci logs ${exampleRunId} --job red`);
    expect(text).not.toContain('--job green');
  });

  it('shows jobs with exit codes, durations, messages, phases and payloads', () => {
    const job = jobRecordOf('unit', {
      status: 'failed',
      exitCode: 3,
      message: 'The command exited with 3',
      failureKind: 'job',
      runtime: 'incus',
      remoteLinuxVmExecution: {
        backend: 'incus',
        incusImage: null,
        instance: 'pikaci-unit',
        operations: [],
        phases: [{ phase: 'launch_guest', startedAt: '', finishedAt: '', durationMs: 1200 }],
      },
      payloads: [
        {
          id: 'deps',
          contentKey: 'aa',
          devicePrefix: 'deps',
          mounts: [{ name: 'd', deviceName: 'pk-deps-d', guestPath: '/opt/deps' }],
        },
      ],
      notes: ['The log was cut'],
    });
    const record = runRecordOf([job], { status: 'failed', failureKind: 'job' });
    const text = formatRunStatus({
      record,
      abandoned: false,
      payloads: [],
      recordPath: '/state/run.json',
    });
    expect(text).toBe(`run ${exampleRunId} failed in 9.0s
  target    pre-merge
  created   2026-03-07 00:00:01 UTC
  finished  2026-03-07 00:00:10 UTC
  source    /workspace
  snapshot  5af0
  record    /state/run.json

jobs
  ✗ unit failed  incus, 3.2s, exit code 3
      The command exited with 3
      note: The log was cut
      instance      pikaci-unit
      launch_guest  1.2s
      payload deps  /opt/deps
      logs          npx pikaci logs ${exampleRunId} --job unit`);
  });

  it('calls a run abandoned whose owner is gone', () => {
    const owner = {
      pid: 7,
      host: 'h',
      bootId: null,
      startTicks: null,
      heartbeatAt: '2026-03-07T00:00:02+00:00',
    };
    const record = runRecordOf([], { status: 'running', finishedAt: null, owner });
    const text = formatRunStatus({ record, abandoned: true, payloads: [], recordPath: '/r' });
    expect(text).toContain(`run ${exampleRunId} abandoned\n`);
    expect(text).toContain('process 7 on h is gone; last seen 2026-03-07 00:00:02 UTC');
  });

  it('neutralises the names of artifacts, which the job chose', () => {
    const record = runRecordOf([
      jobRecordOf('unit', { artifacts: ['a\n::error::b', 'c\u001b[2J'] }),
    ]);
    const text = formatRunStatus({ record, abandoned: false, payloads: [], recordPath: '/r' });
    expect(text).toContain('artifacts  a \\::error::b, c');
  });
});

describe('formatPlanDetails', () => {
  it('says where a payload is built, and by what', () => {
    const run = 'make\n\nmake install';
    const payload = commandPayloadSchema.parse({ kind: 'command', run, runtime: 'incus' });
    const plan: RunPlan = {
      runId: 'none',
      createdAt: '',
      selection: { targetId: null, targetDescription: null, jobIds: ['unit'], reused: [] },
      snapshotHash: '5af0',
      nodes: [
        {
          kind: 'prepare-payload',
          id: 'prepare-deps',
          description: 'Prepare payload deps',
          dependsOn: [],
          payloadId: 'deps',
          devicePrefix: 'deps',
          payload,
          consumers: { exposures: [], logPaths: [] },
        },
      ],
    };
    expect(formatPlanDetails(plan)).toContain(
      '   payload      deps (command)\n   built in     incus\n   command      make\n\n                make install',
    );
  });

  it('lists nodes in order with what they wait for and where payloads are mounted', () => {
    const plan: RunPlan = {
      runId: 'none',
      createdAt: '',
      selection: { targetId: 'self', targetDescription: null, jobIds: ['unit'], reused: [] },
      snapshotHash: '5af0',
      nodes: [
        {
          kind: 'prepare-payload',
          id: 'prepare-deps',
          description: 'Prepare payload deps',
          dependsOn: [],
          payloadId: 'deps',
          devicePrefix: 'deps',
          payload: {
            kind: 'directory',
            source: '/opt/deps',
            immutable: false,
            dependsOn: [],
            entrypoints: [],
            timeoutSeconds: 1,
          },
          consumers: {
            exposures: [{ path: '/state/unit/staged/deps', access: 'read_only' }],
            logPaths: [],
          },
        },
        {
          kind: 'execute',
          id: 'execute-unit',
          description: 'unit tests',
          dependsOn: ['prepare-deps'],
          job: {
            id: 'unit',
            description: 'unit tests',
            command: 'npm test',
            runtime: 'process',
            placement: 'local',
            env: {},
            ...plainJobSettings,
            timeoutSeconds: 60,
            artifacts: [],
            user: null,
            hostContext: {
              sourceRoot: '/w',
              workspaceSnapshotDir: '/s',
              workspaceSnapshotHash: '5af0',
              workspaceMode: 'overlay',
              workspaceReadOnly: false,
              jobDir: '/state/unit',
              artifactsDir: '/state/unit/artifacts',
              hostLogPath: '/state/unit/host.log',
              guestLogPath: '/state/unit/artifacts/guest.log',
              stagedPayloadMounts: [
                {
                  localMountPath: '/state/unit/staged/deps',
                  devicePrefix: 'deps',
                  mode: 'read-only',
                },
                {
                  localMountPath: '/state/unit/staged/fixtures',
                  devicePrefix: 'fixtures',
                  mode: 'overlay',
                },
              ],
              sharedCaches: [],
            },
          },
        },
      ],
    };
    // The planner describes a job without a description by its id.
    const plain = plan.nodes.map((node) => ({ ...node, description: 'unit' }));
    expect(formatPlanDetails({ ...plan, nodes: plain })).not.toContain(
      '   description  unit\n   after',
    );
    expect(formatPlanDetails(plan)).toBe(`plan of target self
  snapshot 5af0

1. prepare-deps
   description  Prepare payload deps
   payload      deps (directory)
   source       /opt/deps
   exposed at   /state/unit/staged/deps

2. execute-unit
   description  unit tests
   after        prepare-deps
   runtime      process
   command      npm test
   timeout      60s
   workspace    overlay
   mount        deps at /state/unit/staged/deps
   mount        fixtures at /state/unit/staged/fixtures (overlay)`);
    const commandOf = (id: string) => `the command of ${id}`;
    expect(formatPlan(plan, { commandOf, columns: null })).toBe(`plan of target self
  1 to prepare, 1 job to run on snapshot 5af0

  node          after         runtime  payloads        command
  prepare-deps  -             -        -               directory /opt/deps
  execute-unit  prepare-deps  process  deps, fixtures  the command of unit`);
    const needy = plan.nodes.map((node) => ({ ...node, dependsOn: ['a', 'b', 'c', 'd', 'e'] }));
    expect(formatPlan({ ...plan, nodes: needy }, { commandOf, columns: null })).toContain(
      'execute-unit  a, b, c +2  process',
    );
    const narrow = formatPlan(plan, { commandOf, columns: 60 }).split('\n').slice(-2);
    expect(narrow).toEqual([
      '  prepare-deps  -             -        -               dire…',
      '  execute-unit  prepare-deps  process  deps, fixtures  the …',
    ]);
  });
});
