import { fail, type RunRequestRecord } from '@pikaci/model';
import { failedOutcome, FakeSnapshotStore, passedOutcome } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { forcedEndMs } from './control/end-by-force.js';
import { drivenRun, eventNames, quiet } from './driven-run.test.helper.js';

const jobs = { a: { run: 'x' }, b: { run: 'x', needs: ['a'] }, c: { run: 'x' } };
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
const ask = (different: Partial<RunRequestRecord> = {}): RunRequestRecord => ({
  schemaVersion: 1,
  request: 'cancel',
  jobId: null,
  now: false,
  by: 'somebody',
  requestedAt: '2026-03-07T00:00:02Z',
  ...different,
});

describe('executeRun, with --fail-fast', () => {
  it('starts nothing after a failure, cancels what runs, and fails for what failed', async () => {
    const run = drivenRun({ jobs: { ...jobs, d: { run: 'x' } } }, { failFast: true, jobLimit: 2 });
    const a = await run.next();
    const c = await run.next();
    a.answer(failedOutcome('job', 'red'));
    await quiet();
    expect(c.request.signal.aborted).toBe(true);
    expect(c.request.force.aborted).toBe(false);
    c.answer({ ...failedOutcome('job', 'killed'), exitCode: null });
    const record = await run.ended;
    const skipped = { status: 'skipped', message: 'not run because job `a` failed (fail-fast)' };
    expect(record).toMatchObject({
      failureKind: 'job',
      failure: { message: 'red' },
      jobs: [
        { id: 'a', failureKind: 'job' },
        { id: 'b', ...skipped },
        { id: 'c', failureKind: 'cancelled', failure: { reason: 'fail-fast: job `a` failed' } },
        { id: 'd', ...skipped },
      ],
    });
    expect(run.memory().events).toContainEqual(
      expect.objectContaining({ event: 'cancel_requested', reason: 'fail-fast: job `a` failed' }),
    );
  });

  it('counts a failed payload as a failure, and one attempt of several not', async () => {
    const run = drivenRun(
      {
        payloads: { deps: { kind: 'command', run: 'make' } },
        jobs: { a: { run: 'x', payloads: ['deps'] }, c: { run: 'x' } },
      },
      { failFast: true, jobLimit: 1 },
      { prepare: async () => fail('payload', 'broken') },
    );
    const c = await run.next();
    await quiet();
    expect(c.request.signal.aborted).toBe(true);
    c.answer(passedOutcome());
    expect(await run.ended).toMatchObject({
      failureKind: 'payload',
      jobs: [{ status: 'failed' }, { status: 'passed' }],
    });
    const retried = drivenRun(
      { jobs: { a: { run: 'x', retry: { job: 1 } }, c: { run: 'x' } } },
      { failFast: true },
    );
    const [first, other] = [await retried.next(), await retried.next()];
    first.answer(failedOutcome());
    await retried.ports.clock.nextWaitMs();
    expect(other.request.signal.aborted).toBe(false);
    other.answer(passedOutcome());
    retried.ports.clock.advance(1000);
    (await retried.next()).answer(passedOutcome());
    expect((await retried.ended).status).toBe('passed');
  });

  it('goes on when somebody cancels one of its jobs, which did not fail by itself', async () => {
    const run = drivenRun({ jobs }, { failFast: true });
    const [a, c] = [await run.next(), await run.next()];
    run.memory().request(ask({ jobId: 'a' }));
    a.answer(failedOutcome('cancelled'));
    await quiet();
    expect(c.request.signal.aborted).toBe(false);
    c.answer(passedOutcome());
    expect(await run.ended).toMatchObject({
      jobs: [
        { id: 'a', failureKind: 'cancelled' },
        { id: 'b', status: 'skipped' },
        { id: 'c', status: 'passed' },
      ],
    });
  });

  it('is cancelled, not failed, when somebody cancels it then', async () => {
    const run = drivenRun({ jobs }, { failFast: true });
    const [a, c] = [await run.next(), await run.next()];
    a.answer(failedOutcome());
    await quiet();
    run.cancel.abort('enough');
    c.answer(failedOutcome('cancelled'));
    expect(await run.ended).toMatchObject({ failureKind: 'cancelled' });
  });
});

describe('executeRun, with a limit of the whole run', () => {
  it('ends what runs with grace, skips the rest, and is timed out', async () => {
    const run = drivenRun({ jobs }, { timeoutSeconds: 60, jobLimit: 1 });
    const a = await run.next();
    run.ports.clock.advance(59_999);
    expect(a.request.signal.aborted).toBe(false);
    run.ports.clock.advance(1);
    expect(a.request.signal.aborted).toBe(true);
    a.answer(failedOutcome('cancelled', 'ended'));
    const record = await run.ended;
    const message = 'not run because the run took longer than its limit of 60 s';
    expect(record).toMatchObject({
      status: 'failed',
      failureKind: 'timeout',
      jobs: [
        { id: 'a', failureKind: 'timeout', message: 'the run took longer than its limit of 60 s' },
        { id: 'b', status: 'skipped', message },
        { id: 'c', status: 'skipped', message },
      ],
    });
    expect(record.message).toContain('The run took longer than its limit of 60 s');
  });

  it('is not waited for when all is done earlier', async () => {
    const run = drivenRun({ jobs: { a: { run: 'x' } } }, { timeoutSeconds: 60 });
    (await run.next()).answer(passedOutcome());
    expect((await run.ended).status).toBe('passed');
    expect(run.ports.clock.waiting).toBe(0);
  });
});

describe('executeRun, asked by another process', () => {
  it('ends one job that runs, skips what needs it, goes on with the rest, and is cancelled', async () => {
    const run = drivenRun({ jobs });
    const [a, c] = [await run.next(), await run.next()];
    run.memory().request(ask({ jobId: 'a' }));
    expect(a.request.signal.aborted).toBe(true);
    expect(c.request.signal.aborted).toBe(false);
    a.answer(failedOutcome('cancelled'));
    c.answer(passedOutcome());
    expect(await run.ended).toMatchObject({
      status: 'failed',
      failureKind: 'cancelled',
      jobs: [
        { failureKind: 'cancelled', failure: { reason: 'asked by somebody' } },
        { status: 'skipped', message: 'not run because `a` did not pass' },
        { status: 'passed' },
      ],
    });
    expect(run.memory().events).toContainEqual(
      expect.objectContaining({ event: 'cancel_requested', jobId: 'a', now: false }),
    );
  });

  it('settles a job that has not started at once, once', async () => {
    const run = drivenRun({ jobs }, { jobLimit: 1 });
    const a = await run.next();
    run.memory().request(ask({ jobId: 'c' }));
    run.memory().request(ask({ jobId: 'c' }));
    await quiet();
    expect(run.memory().jobs.at(-1)).toMatchObject({
      id: 'c',
      status: 'failed',
      failureKind: 'cancelled',
      message: 'cancelled before it started',
    });
    run.memory().request(ask({ jobId: 'c', now: true }));
    a.answer(passedOutcome());
    (await run.next()).answer(passedOutcome());
    expect(await run.ended).toMatchObject({ failureKind: 'cancelled' });
    expect(run.startedJobs()).toEqual(['a', 'b']);
    expect(eventNames(run).filter((name) => name === 'cancel_requested')).toHaveLength(1);
  });

  it('ends the whole run with grace, and at once when it is asked again', async () => {
    const run = drivenRun({ jobs });
    const a = await run.next();
    const c = await run.next();
    run.memory().request(ask());
    expect([a.request.signal.aborted, a.request.force.aborted]).toEqual([true, false]);
    run.memory().request(ask({ now: true }));
    expect([a.request.force.aborted, c.request.force.aborted]).toEqual([true, true]);
    for (const job of [a, c]) job.answer(failedOutcome('cancelled'));
    expect(await run.ended).toMatchObject({ failureKind: 'cancelled' });
    const asked = run.memory().events.filter(({ event }) => event === 'cancel_requested');
    expect(asked).toMatchObject([{ now: false }, { now: true }]);
  });
});

describe('executeRun, ended by force', () => {
  it('records a job as cancelled that does not end, and does not wait for clean-up', async () => {
    const run = drivenRun(
      { jobs: { a: { run: 'x' } } },
      {},
      { process: { run: never, close: never } },
    );
    await quiet();
    run.cancel.abort('first');
    run.force.abort('second');
    await quiet();
    run.ports.clock.advance(forcedEndMs);
    await quiet();
    run.ports.clock.advance(forcedEndMs);
    const record = await run.ended;
    expect(record).toMatchObject({
      failureKind: 'cancelled',
      jobs: [{ failureKind: 'cancelled' }],
    });
    expect(record.jobs[0]?.notes).toEqual([expect.stringContaining('the next pikaci command')]);
    expect(record.message).toContain('closing the runtime process was not waited for');
  });

  it.each(['snapshot', 'payload'])('does not wait for a %s that does not end', async (what) => {
    const run = drivenRun(
      {
        payloads: { deps: { kind: 'command', run: 'make' } },
        jobs: { a: { run: 'x', payloads: ['deps'] } },
      },
      {},
      what === 'snapshot' ? { snapshots: new FakeSnapshotStore(never) } : { prepare: never },
    );
    await quiet();
    run.force.abort('now');
    run.ports.clock.advance(forcedEndMs);
    expect(await run.ended).toMatchObject({ status: 'failed', failureKind: 'cancelled' });
  });
});
