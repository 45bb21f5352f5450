import {
  fail,
  failure,
  type FailureKind,
  type PikaciConfigInput,
  type RunRecord,
} from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import {
  exampleRunId,
  failedOutcome,
  fakePorts,
  FakeSnapshotStore,
  passedOutcome,
  runRequestOf,
  type FakePorts,
  type MemoryRun,
} from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { executeRun } from './execute-run.js';

const layout = runLayout('/state', exampleRunId);

async function execute(
  config: Omit<PikaciConfigInput, 'schemaVersion'>,
  ports: FakePorts,
): Promise<RunRecord> {
  const ended = await executeRun({ ...runRequestOf(config), layout }, ports);
  if (!ended.ok) throw new Error(ended.error.message);
  return ended.value;
}

const written = (ports: FakePorts): MemoryRun => ports.store.runs.get(exampleRunId)!;

/** Every job that is in the plan has exactly one terminal record and one event that tells of it. */
function expectEachSettledOnce(ports: FakePorts, jobIds: readonly string[]): void {
  const { jobs, events } = written(ports);
  const terminal = jobs.filter((job) => job.status !== 'running').map((job) => job.id);
  const told = events.flatMap((event) =>
    event.event === 'job_finished' || event.event === 'job_skipped' ? [event.job.id] : [],
  );
  expect(terminal.sort()).toEqual([...jobIds].sort());
  expect(told.sort()).toEqual([...jobIds].sort());
}

const payload = { kind: 'command' as const, run: 'make' };
const oneJob = { jobs: { unit: { run: 'npm test' } } };
const chain = {
  payloads: { deps: payload, build: { ...payload, dependsOn: ['deps'] } },
  jobs: {
    direct: { run: 'x', payloads: ['deps'] },
    indirect: { run: 'x', payloads: ['build'] },
    after: { run: 'x', needs: ['indirect'] },
    apart: { run: 'x' },
  },
};

describe('executeRun, when something fails', () => {
  it('fails only the jobs that need a failed payload, and names the node where it began', async () => {
    const ports = fakePorts({
      prepare: async () =>
        fail('payload', 'The build failed', { reason: 'exit code 2', hint: 'Look.' }),
    });
    const record = await execute(chain, ports);
    const message =
      'prepare node `prepare-deps` failed before execute: The build failed: exit code 2';
    expect(record).toMatchObject({
      status: 'failed',
      failureKind: 'payload',
      message: null,
      jobs: [
        { id: 'direct', status: 'failed', message, exitCode: null, failureKind: 'payload' },
        { id: 'indirect', status: 'failed', message, failure: { hint: 'Look.' } },
        { id: 'after', status: 'skipped', message: 'not run because `indirect` did not pass' },
        { id: 'apart', status: 'passed' },
      ],
    });
    expect(ports.payloads.requests).toHaveLength(1);
    expect(record.prepareTimings.map((timing) => timing.nodeId)).toEqual(['prepare-deps']);
    expectEachSettledOnce(ports, ['direct', 'indirect', 'after', 'apart']);
    expect(
      written(ports).events.flatMap((event) =>
        event.event === 'prepare_finished' ? [`${event.nodeId} ${event.status}`] : [],
      ),
    ).toEqual(['prepare-deps failed', 'prepare-build skipped']);
    const log = written(ports).logs.get(`/state/runs/${exampleRunId}/jobs/indirect/host.log`);
    expect(log).toContain(`[pikaci] failed: ${message}\n`);
  });

  it('fails the job when a payload cannot be put into its directory', async () => {
    const ports = fakePorts();
    ports.payloads.exposeOutcome = fail('infrastructure', 'no link');
    const record = await execute({ ...chain, jobs: { direct: chain.jobs.direct } }, ports);
    expect(record).toMatchObject({ failureKind: 'infrastructure', jobs: [{ status: 'failed' }] });
    expect(ports.process.executions).toEqual([]);
  });

  it('fails the job whose runtime cannot be prepared, with the kind of the cause', async () => {
    const ports = fakePorts({
      incus: { prepare: async () => fail('infrastructure', 'No socket') },
    });
    const jobs = { vm: { run: 'x', runtime: 'incus' as const }, plain: { run: 'x' } };
    expect(await execute({ jobs }, ports)).toMatchObject({
      failureKind: 'infrastructure',
      jobs: [
        {
          id: 'vm',
          status: 'failed',
          message: 'prepare node `prepare-vm-runner` failed before execute: No socket',
        },
        { id: 'plain', status: 'passed' },
      ],
    });
    expect(ports.incus.executions).toEqual([]);
  });

  it('skips the jobs that need a failed one, names it, and goes on with the others', async () => {
    const ports = fakePorts({
      process: {
        run: async ({ job }) => (job.id === 'a' ? failedOutcome() : passedOutcome()),
      },
    });
    const jobs = {
      a: { run: 'x' },
      b: { run: 'x', needs: ['a'] },
      c: { run: 'x', needs: ['b'] },
      d: { run: 'x' },
    };
    const record = await execute({ jobs }, ports);
    expect(record.jobs.map(({ id, status, message }) => [id, status, message])).toEqual([
      ['a', 'failed', 'failed: job'],
      ['b', 'skipped', 'not run because `a` did not pass'],
      ['c', 'skipped', 'not run because `b` did not pass'],
      ['d', 'passed', 'command passed'],
    ]);
    expectEachSettledOnce(ports, ['a', 'b', 'c', 'd']);
  });

  it.each<[FailureKind, FailureKind, FailureKind]>([
    ['job', 'payload', 'payload'],
    ['job', 'timeout', 'timeout'],
    ['timeout', 'infrastructure', 'infrastructure'],
    ['infrastructure', 'job', 'infrastructure'],
  ])('takes of %s and %s the verdict %s', async (first, second, verdict) => {
    const ports = fakePorts({
      process: { run: async ({ job }) => failedOutcome(job.id === 'a' ? first : second) },
    });
    const record = await execute({ jobs: { a: { run: 'x' }, b: { run: 'x' } } }, ports);
    expect(record).toMatchObject({ failureKind: verdict, failure: { kind: verdict } });
  });

  it('turns an exception of a runtime into an internal failure of that job alone', async () => {
    const ports = fakePorts({
      process: {
        run: ({ job }) =>
          job.id === 'a' ? Promise.reject(new Error('bug')) : Promise.resolve(passedOutcome()),
      },
    });
    expect(await execute({ jobs: { a: { run: 'x' }, b: { run: 'x' } } }, ports)).toMatchObject({
      failureKind: 'internal',
      jobs: [
        { status: 'failed', failure: { kind: 'internal', reason: 'bug' } },
        { status: 'passed' },
      ],
    });
  });

  it('turns an exception of a payload store into an internal failure', async () => {
    const ports = fakePorts({ prepare: () => Promise.reject(new Error('bug')) });
    expect(await execute(chain, ports)).toMatchObject({
      failureKind: 'internal',
      jobs: [
        { status: 'failed' },
        { status: 'failed' },
        { status: 'skipped' },
        { status: 'passed' },
      ],
    });
  });

  it('fails the run that has no snapshot, and says why', async () => {
    const take = async () => fail('snapshot', 'No snapshot', { reason: 'git is missing' });
    const ports = fakePorts({ snapshots: new FakeSnapshotStore(take) });
    expect(await execute(oneJob, ports)).toMatchObject({
      status: 'failed',
      failureKind: 'snapshot',
      message: 'No snapshot: git is missing',
      jobs: [],
      planPath: null,
    });
    expect(written(ports).events.map((event) => event.event)).toEqual([
      'run_started',
      'run_finished',
    ]);
    expect(ports.process.closed).toBe(0);
  });

  it('fails the run that cannot be planned', async () => {
    const ports = fakePorts();
    const jobs = { unit: { run: 'x', payloads: ['nowhere'] } };
    expect(await execute({ jobs }, ports)).toMatchObject({ failureKind: 'config', jobs: [] });
  });

  it('fails itself only where no record can be made', async () => {
    const full = failure('infrastructure', 'read-only');
    const ports = fakePorts({ failing: (write) => (write === 'create' ? full : null) });
    const ended = await executeRun({ ...runRequestOf(oneJob), layout }, ports);
    expect(ended).toEqual({ ok: false, error: full });
    expect(ports.reporter.events).toEqual([]);
  });

  it.each([
    'plan',
    'prepared-outputs',
    'job unit running',
    'job unit passed',
    'event job_started',
    'run passed',
  ])('goes on when the disk is full at "%s", and ends as infrastructure', async (name) => {
    const full = failure('infrastructure', 'The disk is full');
    const ports = fakePorts({ failing: (write) => (write === name ? full : null) });
    expect(await execute(oneJob, ports)).toMatchObject({
      status: 'failed',
      failureKind: 'infrastructure',
      message: 'The disk is full',
      jobs: [{ status: 'passed' }],
    });
    expect(ports.reporter.events.map((event) => event.sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('says when logs were lost at the end, and keeps the verdict', async () => {
    const lost = failure('infrastructure', 'The log is not complete');
    const ports = fakePorts({ failing: (write) => (write === 'close' ? lost : null) });
    expect(await execute(oneJob, ports)).toMatchObject({
      status: 'passed',
      message: 'The log is not complete',
    });
  });

  it('does not let an exception of a clean-up change the verdict', async () => {
    const ports = fakePorts({ process: { close: () => Promise.reject(new Error('bug')) } });
    expect(await execute(oneJob, ports)).toMatchObject({
      status: 'passed',
      message: 'Unexpected error: closing the runtime process: bug',
    });
  });
});
