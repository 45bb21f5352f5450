import { fail, ok, type FailureKind, type JobOutcome, type RunRecord } from '@pikaci/model';
import {
  deferred,
  failedOutcome,
  fakePorts,
  passedOutcome,
  preparedPayloadFor,
  runRequestOf,
  type FakePorts,
} from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { drivenRun, eventNames, layout, quiet } from './driven-run.test.helper.js';
import { executeRun } from './execute-run.js';
import { backoffMs } from './nodes/retry.js';

const retry = { infrastructure: 2, job: 1 };
const oneJob = { jobs: { unit: { run: 'x', retry } } };

/** Runs one job whose attempts end as given, and which passes after them. */
async function attempts(
  ends: readonly FailureKind[],
  given: Partial<typeof retry> = retry,
): Promise<{ record: RunRecord; ports: FakePorts }> {
  const left = [...ends];
  const run = async (): Promise<JobOutcome> => {
    const kind = left.shift();
    return kind === undefined ? passedOutcome() : failedOutcome(kind);
  };
  const ports = fakePorts({ process: { run } });
  const request = runRequestOf({ jobs: { unit: { run: 'x', retry: given } } });
  const ended = await executeRun({ ...request, layout }, ports);
  if (!ended.ok) throw new Error(ended.error.message);
  return { record: ended.value, ports };
}

describe('executeRun, trying a job again', () => {
  it('lets only the last attempt keep its place when it fails by itself', async () => {
    const ports = fakePorts({ process: { run: async () => failedOutcome('job') } });
    const request = runRequestOf({ jobs: { unit: { run: 'x', retry } } });
    await executeRun({ ...request, layout, keepSeconds: 60 }, ports);
    expect(ports.process.executions.map(({ keepSeconds }) => keepSeconds)).toEqual([null, 60]);
    const never = fakePorts({ process: { run: async () => failedOutcome('job') } });
    await executeRun({ ...request, layout }, never);
    expect(never.process.executions.map(({ keepSeconds }) => keepSeconds)).toEqual([null, null]);
  });

  it.each<[FailureKind[], number, string]>([
    [[], 1, 'passed'],
    [['infrastructure'], 2, 'passed'],
    [['infrastructure', 'infrastructure'], 3, 'passed'],
    [['infrastructure', 'infrastructure', 'infrastructure'], 3, 'failed'],
    [['job'], 2, 'passed'],
    [['job', 'job'], 2, 'failed'],
    [['timeout'], 2, 'passed'],
    [['job', 'timeout'], 2, 'failed'],
    [['infrastructure', 'job', 'infrastructure'], 4, 'passed'],
    [['cancelled'], 1, 'failed'],
    [['internal'], 1, 'failed'],
    [['config'], 1, 'failed'],
  ])('after %j it takes %d attempts, and it has %s', async (ends, count, status) => {
    const { record, ports } = await attempts(ends);
    expect(ports.process.executions.map(({ attempt }) => attempt)).toEqual(
      Array.from({ length: count }, (_, index) => index + 1),
    );
    expect(record.jobs).toMatchObject([
      { status, attempt: count, flaky: status === 'passed' && count > 1 },
    ]);
    expect(record.jobs[0]?.attempts.map((one) => one.failureKind)).toEqual(
      ends.slice(0, count - 1),
    );
  });

  it('tries what the machine failed twice more, and what the job failed not at all, unless it is told to', async () => {
    const machine: FailureKind[] = ['infrastructure', 'infrastructure', 'infrastructure'];
    expect((await attempts(machine, {})).record.jobs[0]?.attempt).toBe(3);
    expect((await attempts(['job'], {})).record.jobs[0]?.attempt).toBe(1);
  });

  it('puts each attempt aside with its record and logs, and tells of it when that is done', async () => {
    const run = drivenRun(oneJob);
    (await run.next()).answer(failedOutcome('job', 'red'));
    expect(await run.ports.clock.nextWaitMs()).toBe(1000);
    await quiet();
    expect(run.startedJobs()).toEqual(['unit']);
    const { jobs, runs, setAside, order, events } = run.memory();
    expect(setAside).toEqual(['unit 1']);
    const writes = order.slice(order.indexOf('job unit failed'));
    expect(writes).toEqual([
      'job unit failed',
      'set aside unit 1',
      'job unit running',
      'run running',
      'event job_attempt_finished',
    ]);
    expect(jobs.at(-1)).toMatchObject({ status: 'running', attempt: 2 });
    // Until it is tried again the run says nowhere that the job has ended.
    expect(runs.every(({ jobs: [unit] }) => unit === undefined || unit.status === 'running')).toBe(
      true,
    );
    expect(events.at(-1)).toMatchObject({
      event: 'job_attempt_finished',
      retryInMs: 1000,
      job: { attempt: 1, status: 'failed', message: 'red' },
    });
    run.ports.clock.advance(1000);
    (await run.next()).answer(passedOutcome());
    const record = await run.ended;
    const aside = '/attempts/1/';
    expect(record.jobs).toMatchObject([
      {
        status: 'passed',
        flaky: true,
        attempts: [
          {
            attempt: 1,
            status: 'failed',
            exitCode: 1,
            message: 'red',
            hostLogPath: expect.stringContaining(`${aside}host.log`) as string,
            guestLogPath: expect.stringContaining(`${aside}artifacts/guest.log`) as string,
          },
        ],
      },
    ]);
    expect(eventNames(run).filter((name) => name.startsWith('job_'))).toEqual([
      'job_started',
      'job_attempt_finished',
      'job_started',
      'job_finished',
    ]);
  });

  it('waits longer after each attempt, but never more than half a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 10].map(backoffMs)).toEqual([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
    ]);
  });

  it('does not begin anew before the instance of the last attempt is gone', async () => {
    const run = drivenRun(oneJob);
    const gone = deferred<undefined>();
    const released = gone.promise.then(() => undefined);
    (await run.next()).answer({ ...failedOutcome('infrastructure'), released });
    await run.ports.clock.nextWaitMs();
    run.ports.clock.advance(1000);
    await quiet();
    expect(run.startedJobs()).toEqual(['unit']);
    gone.resolve(undefined);
    (await run.next()).answer(passedOutcome());
    expect((await run.ended).status).toBe('passed');
  });

  it('ends soon when it is cancelled while it waits for another attempt', async () => {
    const run = drivenRun(oneJob);
    (await run.next()).answer(failedOutcome('infrastructure'));
    await run.ports.clock.nextWaitMs();
    run.cancel.abort('enough');
    const record = await run.ended;
    expect(record).toMatchObject({
      failureKind: 'cancelled',
      jobs: [
        { status: 'failed', failureKind: 'cancelled', attempt: 2, failure: { reason: 'enough' } },
      ],
    });
    expect(run.ports.clock.waiting).toBe(0);
  });

  it('leaves it at the attempt whose files cannot be put aside', async () => {
    const run = drivenRun(oneJob);
    run.memory();
    run.memory().setAttemptAside = async () => fail('infrastructure', 'The disk is full');
    (await run.next()).answer(failedOutcome('infrastructure', 'lost'));
    expect((await run.ended).jobs).toMatchObject([
      {
        status: 'failed',
        attempt: 1,
        message: 'lost',
        notes: ['not tried again: The disk is full'],
      },
    ]);
  });

  it('tries a payload again after a failure of the machine, and not after one of its own', async () => {
    const config = {
      payloads: { deps: { kind: 'command' as const, run: 'make' } },
      jobs: { unit: { run: 'x', payloads: ['deps'] } },
    };
    for (const [kind, asked] of [
      ['infrastructure', 3],
      ['payload', 1],
    ] as const) {
      let calls = 0;
      const ports = fakePorts({
        prepare: async (request) => {
          calls += 1;
          return calls === 3 ? ok(preparedPayloadFor(request)) : fail(kind, 'no luck');
        },
      });
      const ended = await executeRun({ ...runRequestOf(config), layout }, ports);
      expect(calls).toBe(asked);
      expect(ended).toMatchObject({ value: { status: asked === 3 ? 'passed' : 'failed' } });
      const log = ports.store.runs.get(layout.runId)?.logs.get(`${layout.jobsDir}/unit/host.log`);
      expect(log?.includes('`prepare-deps` failed, again in 1 s: no luck')).toBe(asked === 3);
    }
  });

  it('stops waiting for another try of a payload when it is cancelled', async () => {
    const run = drivenRun(
      {
        payloads: { deps: { kind: 'command', run: 'make' } },
        jobs: { unit: { run: 'x', payloads: ['deps'] } },
      },
      {},
      { prepare: async () => fail('infrastructure', 'locked') },
    );
    await run.ports.clock.nextWaitMs();
    run.cancel.abort('enough');
    expect(await run.ended).toMatchObject({
      failureKind: 'cancelled',
      jobs: [{ status: 'skipped', message: 'not run because the run was cancelled: enough' }],
    });
  });
});
