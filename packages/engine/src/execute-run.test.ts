import {
  ok,
  type JobExecution,
  type JobOutcome,
  type PikaciConfigInput,
  type RunRecord,
} from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import {
  DeferredCalls,
  exampleRunId,
  failedOutcome,
  fakePorts,
  passedOutcome,
  preparedPayloadFor,
  runRequestOf,
  type ExampleRunRequest,
  type FakePorts,
  type MemoryRun,
} from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { executeRun } from './execute-run.js';

const layout = runLayout('/state', exampleRunId);
const hostLog = (jobId: string) => `/state/runs/${exampleRunId}/jobs/${jobId}/host.log`;

async function execute(
  config: Omit<PikaciConfigInput, 'schemaVersion'>,
  ports: FakePorts,
  different: Partial<ExampleRunRequest> = {},
): Promise<RunRecord> {
  const ended = await executeRun({ ...runRequestOf(config, different), layout }, ports);
  if (!ended.ok) throw new Error(ended.error.message);
  return ended.value;
}

const written = (ports: FakePorts): MemoryRun => ports.store.runs.get(exampleRunId)!;

const oneJob = { jobs: { unit: { run: 'npm test' } } };
const withPayload = {
  payloads: {
    deps: { kind: 'command' as const, run: 'make deps' },
    build: { kind: 'command' as const, run: 'make', dependsOn: ['deps'] },
  },
  jobs: {
    unit: { run: 'test', payloads: ['build', 'deps'] },
    lint: { run: 'lint' },
  },
};

describe('executeRun', () => {
  it('passes a run whose job passed, and records it from beginning to end', async () => {
    const ports = fakePorts({
      process: { run: async () => passedOutcome({ artifacts: ['a.txt'], notes: ['a note'] }) },
    });
    const record = await execute(oneJob, ports, { filters: ['src/**'], changedFiles: ['src/a'] });
    expect(record).toMatchObject({
      status: 'passed',
      failureKind: null,
      message: null,
      sourceRoot: '/workspace',
      snapshotDir: '/state/cache/snapshots/aaaa/snapshot',
      gitDirty: false,
      planPath: layout.planFile,
      preparedOutputsPath: layout.preparedOutputsFile,
      preparedOutputConsumer: 'host_local_symlink_mounts_v1',
      filters: ['src/**'],
      changedFiles: ['src/a'],
      finishedAt: expect.stringContaining('+00:00') as string,
      jobs: [
        {
          id: 'unit',
          status: 'passed',
          executor: 'host_local',
          runtime: 'host_process',
          placement: 'local',
          planNodeId: 'execute-unit',
          exitCode: 0,
          artifacts: ['a.txt'],
          notes: ['a note'],
          preExecutionPrepareDurationMs: null,
        },
      ],
    });
    expect(written(ports).runs.at(-1)).toEqual(record);
    expect(written(ports).jobs.map((job) => job.status)).toEqual(['running', 'passed']);
    expect(written(ports).closed).toBe(true);
    expect(ports.process.closed).toBe(1);
    expect(ports.incus.closed).toBe(0);
  });

  it('writes each record before the event that tells of it', async () => {
    const ports = fakePorts();
    await execute(oneJob, ports);
    expect(written(ports).order).toEqual([
      'run running',
      'event run_started',
      'run running',
      'event snapshot_taken',
      'plan',
      'prepared-outputs',
      'run running',
      'create unit',
      'event plan_made',
      'job unit running',
      'run running',
      'event job_started',
      'job unit passed',
      'run running',
      'event job_finished',
      'run passed',
      'event run_finished',
      'close',
    ]);
  });

  it('numbers the events from 1 without gaps and shows what it wrote', async () => {
    const ports = fakePorts({
      process: {
        run: async ({ observer }) => {
          observer.onPhase('launch_guest');
          observer.onOutput('stdout', Buffer.from('hello'));
          observer.onLog('a line');
          return passedOutcome({ message: 'passed' });
        },
      },
    });
    const record = await execute(withPayload, ports);
    const { events } = written(ports);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
    expect(ports.reporter.events).toEqual(events);
    expect(events.at(-1)).toMatchObject({ event: 'run_finished', run: record });
    expect(events.filter((event) => event.event === 'job_phase')).toHaveLength(2);
    expect(ports.reporter.output).toContain('unit stdout hello');
    // A message that says no more than the status is not said twice.
    expect(written(ports).logs.get(hostLog('lint'))).toBe('[pikaci] a line\n[pikaci] passed\n');
  });

  it('prepares payloads once, in order, shows them to the jobs, and records them', async () => {
    const ports: FakePorts = fakePorts({
      prepare: async (request) => {
        ports.clock.advance(request.payloadId === 'deps' ? 100 : 30);
        request.onLog(Buffer.from(`building ${request.payloadId}\n`));
        const isDeps = request.payloadId === 'deps';
        return ok(
          preparedPayloadFor(request, { reused: isDeps, ...(isDeps ? { buildMs: 7000 } : {}) }),
        );
      },
    });
    const record = await execute(withPayload, ports);
    expect(
      ports.reporter.events.flatMap((event) =>
        event.event === 'prepare_finished' ? [[event.reused, event.buildMs]] : [],
      ),
    ).toEqual([
      [true, 7000],
      [false, null],
    ]);
    expect(ports.payloads.requests.map(({ payloadId }) => payloadId)).toEqual(['deps', 'build']);
    expect(ports.payloads.requests[1]?.dependencies.map((one) => one.payloadId)).toEqual(['deps']);
    const staged = `/state/runs/${exampleRunId}/jobs/unit/staged`;
    expect(ports.payloads.exposed).toEqual([
      { payloadId: 'deps', localMountPath: `${staged}/deps` },
      { payloadId: 'build', localMountPath: `${staged}/build` },
    ]);
    const unit = ports.process.executions.find((execution) => execution.job.id === 'unit');
    expect(unit?.payloads.map((payload) => payload.payloadId)).toEqual(['build', 'deps']);
    expect(record.prepareTimings).toMatchObject([
      { nodeId: 'prepare-deps', durationMs: 100 },
      { nodeId: 'prepare-build', durationMs: 30 },
    ]);
    expect(record.jobs).toMatchObject([
      { id: 'unit', preExecutionPrepareDurationMs: 130 },
      { id: 'lint', preExecutionPrepareDurationMs: null },
    ]);
    expect(written(ports).preparedOutputs.at(-1)).toMatchObject({
      outputs: [
        {
          nodeId: 'prepare-deps',
          installable: 'payload:deps',
          realizedPath: '/store/deps/output',
          exposures: [{ path: `${staged}/deps` }],
          reused: true,
        },
        { nodeId: 'prepare-build', contentKey: 'key-of-build', reused: false },
      ],
    });
    expect(ports.reporter.prepareOutput).toEqual([
      'prepare-deps building deps\n',
      'prepare-build building build\n',
    ]);
    expect(written(ports).logs.get(hostLog('unit'))).toContain('building deps\n');
    expect(written(ports).logs.get(hostLog('lint'))).not.toContain('building');
  });

  it('puts the output of a payload that no job mounts into the logs of those that need it', async () => {
    const ports = fakePorts({
      prepare: async (request) => {
        request.onLog(Buffer.from(`building ${request.payloadId}\n`));
        return ok(preparedPayloadFor(request));
      },
    });
    await execute({ ...withPayload, jobs: { unit: { run: 'x', payloads: ['build'] } } }, ports);
    expect(written(ports).logs.get(hostLog('unit'))).toContain('building deps\n');
  });

  it('starts a job without payloads while payloads of others are still built', async () => {
    const builds = new DeferredCalls<string, void>();
    const jobs = new DeferredCalls<string, JobOutcome>();
    const ports = fakePorts({
      prepare: async (request) => {
        await builds.call(request.payloadId);
        return ok(preparedPayloadFor(request));
      },
      process: { run: ({ job }) => jobs.call(job.id) },
    });
    const ended = execute(withPayload, ports);
    const deps = await builds.next();
    const lint = await jobs.next();
    expect(lint.request).toBe('lint');
    lint.answer(passedOutcome());
    deps.answer();
    (await builds.next()).answer();
    const unit = await jobs.next();
    expect(unit.request).toBe('unit');
    unit.answer(passedOutcome());
    const record = await ended;
    // In the order of the plan, although lint was first.
    expect(record.jobs.map((job) => job.id)).toEqual(['unit', 'lint']);
  });

  it('runs no more jobs at a time than allowed, and no more builds', async () => {
    const builds = new DeferredCalls<string, void>();
    const jobs = new DeferredCalls<JobExecution, JobOutcome>();
    const ports = fakePorts({
      prepare: async (request) => {
        await builds.call(request.payloadId);
        return ok(preparedPayloadFor(request));
      },
      process: { run: (execution) => jobs.call(execution) },
    });
    const payload = { kind: 'command' as const, run: 'make' };
    const config = {
      limits: { builds: 1 },
      payloads: { p: payload, q: payload },
      jobs: {
        a: { run: 'a' },
        b: { run: 'b' },
        c: { run: 'c', payloads: ['p', 'q'] },
      },
    };
    const ended = execute(config, ports, { jobLimit: 1 });
    const first = await jobs.next();
    const p = await builds.next();
    expect([first.request.job.id, p.request]).toEqual(['a', 'p']);
    expect([jobs.waiting, builds.waiting]).toEqual([0, 0]);
    first.answer(passedOutcome());
    const second = await jobs.next();
    p.answer();
    const q = await builds.next();
    expect([second.request.job.id, q.request]).toEqual(['b', 'q']);
    q.answer();
    second.answer(passedOutcome());
    (await jobs.next()).answer(passedOutcome());
    expect((await ended).status).toBe('passed');
  });

  it('runs all jobs on the runtime that is asked for, after its preparation', async () => {
    const ports = fakePorts();
    const ended = await executeRun({ ...runRequestOf(oneJob), layout, runtime: 'incus' }, ports);
    expect(ended).toMatchObject({
      ok: true,
      value: { status: 'passed', jobs: [{ executor: 'remote_linux_vm', runtime: 'incus' }] },
    });
    expect([ports.incus.prepared, ports.process.executions]).toEqual([['unit'], []]);
  });

  it('keeps the notes of a runtime that could not clean up, without changing the verdict', async () => {
    const ports = fakePorts({ process: { close: async () => ['instance x is still there'] } });
    const record = await execute(oneJob, ports);
    expect(record).toMatchObject({ status: 'passed', message: 'instance x is still there' });
    expect(written(ports).runs.at(-1)).toEqual(record);
  });

  it('does not mind a reporter that throws', async () => {
    const broken = () => {
      throw new Error('broken pipe');
    };
    const reporter = {
      onEvent: broken,
      onOutput: broken,
      onPrepareOutput: broken,
      onWarning: broken,
    };
    const ports = fakePorts();
    const ended = await executeRun({ ...runRequestOf(oneJob), layout }, { ...ports, reporter });
    expect(ended).toMatchObject({ ok: true, value: { status: 'passed' } });
  });

  it('tells nothing of a job after its end', async () => {
    let late: () => void = () => undefined;
    const ports = fakePorts({
      process: {
        run: async ({ observer }) => {
          late = () => {
            observer.onOutput('stdout', Buffer.from('late'));
            observer.onPhase('collect_artifacts');
          };
          return passedOutcome();
        },
        close: async () => {
          late();
          return [];
        },
      },
    });
    await execute(oneJob, ports);
    expect(ports.reporter.output).toEqual([]);
    expect(written(ports).events.map((event) => event.event)).not.toContain('job_phase');
  });

  it('fails a run with a failed job, and says so by the kind of that failure', async () => {
    const ports = fakePorts({
      process: { run: async () => failedOutcome('job', 'exited with 1') },
    });
    expect(await execute(oneJob, ports)).toMatchObject({
      status: 'failed',
      failureKind: 'job',
      message: null,
      jobs: [{ status: 'failed', exitCode: 1, message: 'exited with 1', failureKind: 'job' }],
    });
  });
});
