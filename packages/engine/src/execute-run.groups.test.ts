import { deferred, failedOutcome, passedOutcome } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { drivenRun, quiet } from './driven-run.test.helper.js';

const grouped = { run: 'x', concurrency: 'deploy' };

describe('executeRun, with concurrency groups', () => {
  it('waits for the group after the needs of a job and without a slot, and tells who is inside', async () => {
    const run = drivenRun({ jobs: { a: grouped, b: { run: 'x' } } }, { jobLimit: 1 });
    const letOut = run.ports.groups.occupy('deploy', 'job deploy of another run');
    const b = await run.next();
    expect(b.request.job.id).toBe('b');
    expect(run.memory().events).toContainEqual(
      expect.objectContaining({
        event: 'job_waiting',
        jobId: 'a',
        group: 'deploy',
        inside: ['job deploy of another run'],
      }),
    );
    expect(
      run
        .memory()
        .events.map(({ event }) => event)
        .filter((n) => n === 'job_started'),
    ).toHaveLength(1);
    letOut();
    b.answer(passedOutcome());
    const a = await run.next();
    expect(run.ports.groups.inside('deploy')).toEqual([`job a of run ${a.request.runId}`]);
    a.answer(passedOutcome());
    expect((await run.ended).status).toBe('passed');
    expect(run.ports.groups.inside('deploy')).toEqual([]);
  });

  it('does not ask for a place before the needs of a job have passed', async () => {
    const run = drivenRun({ jobs: { a: { run: 'x' }, b: { ...grouped, needs: ['a'] } } });
    const a = await run.next();
    expect(run.ports.groups.asked).toEqual([]);
    a.answer(failedOutcome());
    await run.ended;
    expect(run.ports.groups.asked).toEqual([]);
  });

  it('runs as many of a group at once as the configuration allows', async () => {
    const limits = { concurrency: { deploy: 2 } };
    const run = drivenRun({ limits, jobs: { a: grouped, b: grouped, c: grouped } });
    const [a, b] = [await run.next(), await run.next()];
    await quiet();
    expect(run.startedJobs()).toEqual(['a', 'b']);
    a.answer(failedOutcome());
    (await run.next()).answer(passedOutcome());
    b.answer(passedOutcome());
    await run.ended;
  });

  it('keeps the place while the job waits for another attempt', async () => {
    const run = drivenRun({ jobs: { a: { ...grouped, retry: { job: 1 } }, b: grouped } });
    (await run.next()).answer(failedOutcome());
    await run.ports.clock.nextWaitMs();
    await quiet();
    expect(run.startedJobs()).toEqual(['a']);
    run.ports.clock.advance(1000);
    (await run.next()).answer(passedOutcome());
    (await run.next()).answer(passedOutcome());
    expect((await run.ended).status).toBe('passed');
  });

  it.each(['run', 'job'])('gives up waiting when the %s is cancelled', async (what) => {
    const run = drivenRun({ jobs: { a: grouped } });
    run.ports.groups.occupy('deploy', 'another');
    await quiet();
    if (what === 'run') run.cancel.abort('enough');
    else
      run.memory().request({
        schemaVersion: 1,
        request: 'cancel',
        jobId: 'a',
        now: false,
        by: 'me',
        requestedAt: '',
      });
    const record = await run.ended;
    expect(record.failureKind).toBe('cancelled');
    expect(record.jobs[0]?.status).toBe(what === 'run' ? 'skipped' : 'failed');
    expect(run.ports.groups.inside('deploy')).toEqual(['another']);
  });

  it('gives a place back that it got while it was cancelled', async () => {
    const run = drivenRun({ jobs: { a: { run: 'x' }, b: grouped } }, { jobLimit: 1 });
    const a = await run.next();
    expect(run.ports.groups.inside('deploy')).toHaveLength(1);
    run.cancel.abort('enough');
    a.answer(failedOutcome('cancelled'));
    await run.ended;
    expect(run.ports.groups.inside('deploy')).toEqual([]);
  });
});

describe('executeRun, with a limit of instances', () => {
  it('counts an instance until it is gone, and lets other jobs run meanwhile', async () => {
    const vm = { run: 'x', runtime: 'incus' as const };
    const limits = { instances: 1 };
    const run = drivenRun({ limits, jobs: { vm1: vm, vm2: vm, plain: { run: 'x' } } });
    // It has nothing to prepare, so it starts first.
    const plain = await run.next();
    const vm1 = await run.next();
    expect([plain, vm1].map(({ request }) => request.job.id)).toEqual(['plain', 'vm1']);
    const gone = deferred<undefined>();
    const released = gone.promise.then(() => undefined);
    vm1.answer({ ...passedOutcome(), released });
    plain.answer(passedOutcome());
    await quiet();
    expect(run.ports.incus.executions).toHaveLength(1);
    gone.resolve(undefined);
    (await run.next()).answer(passedOutcome());
    expect((await run.ended).status).toBe('passed');
  });

  it('counts those of the services of a job as well, and records what became of them', async () => {
    const vm = { run: 'x', runtime: 'incus' as const };
    const services = { db: { run: 'y', port: 5432 } };
    const limits = { instances: 2 };
    const run = drivenRun({ limits, jobs: { vm, beside: { ...vm, services } } });
    const first = await run.next();
    await quiet();
    expect(run.startedJobs()).toEqual(['vm']);
    first.answer(passedOutcome());
    const record = {
      ...{ name: 'db', state: 'stopped' as const, readyAfterMs: 12, exitCode: null },
      ...{ port: 5432, instance: 'pikaci-db', logPath: '/db/service.log' },
    };
    (await run.next()).answer(passedOutcome({ services: [record] }));
    const ended = await run.ended;
    expect(ended.jobs.map((job) => job.services)).toEqual([[], [record]]);
  });
});
