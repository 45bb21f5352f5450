import { failure, type JobRecord } from '@pikaci/model';
import { jobRecordOf } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordedRun, runningJob } from '../watch/recorded-run.test.helper.js';

let run: RecordedRun;
beforeEach(() => {
  run = new RecordedRun();
});
afterEach(() => run.remove());

const attach = (...argv: readonly string[]) =>
  run.start(['attach', 'latest', '--job', 'unit', ...argv]);

describe('attach', () => {
  it.each<[string, Partial<JobRecord>, number, string]>([
    ['passed', {}, 0, 'passed'],
    ['failed', { status: 'failed', failureKind: 'job', exitCode: 7 }, 1, 'failed (job)'],
    [
      'lost its machine',
      { status: 'failed', failureKind: 'infrastructure' },
      3,
      'failed (infrastructure)',
    ],
    ['ran out of time', { status: 'failed', failureKind: 'timeout' }, 124, 'failed (timeout)'],
    ['was cancelled', { status: 'failed', failureKind: 'cancelled' }, 130, 'failed (cancelled)'],
    ['was skipped', { status: 'skipped' }, 1, 'skipped'],
  ])('prints what a job prints, and ends as it does when it %s', async (_, end, code, words) => {
    run.running([runningJob('unit')]);
    run.log('unit', 'host', '[pikaci] not shown\n');
    run.log('unit', 'guest', 'one\n');
    const started = attach();
    await started.waits();
    run.log('unit', 'guest', 'two');
    run.running([jobRecordOf('unit', end), runningJob('other')]);
    expect(await started.ends()).toBe(code);
    expect(started.io.stdout.text).toBe('one\ntwo');
    expect(started.io.stderr.text).toBe(`job unit has ended: ${words}\n`);
  });

  it('prints the log of a job that has ended already', async () => {
    run.log('unit', 'guest', '1\n2\n3\n');
    run.ended([jobRecordOf('unit', { status: 'failed', failureKind: 'job' })]);
    const started = attach('--tail', '2');
    expect(await started.code).toBe(1);
    expect(started.io.stdout.text).toBe('2\n3\n');
  });

  it('waits for a job that has not begun', async () => {
    run.running([], { planPath: run.plan(['unit']) });
    const started = attach();
    await started.waits();
    run.log('unit', 'guest', 'begun\n');
    run.running([jobRecordOf('unit')]);
    expect(await started.ends()).toBe(0);
    expect(started.io.stdout.text).toBe('begun\n');
  });

  it('refuses a job that the run does not have', async () => {
    run.running([], { planPath: run.plan(['other']) });
    const started = attach();
    expect(await started.code).toBe(2);
    expect(started.io.stderr.text).toContain('has no job "unit"');
  });

  it('ends as the run does that had no plan yet', async () => {
    run.running([]);
    const started = attach();
    await started.waits();
    run.ended([], {
      status: 'failed',
      planPath: null,
      failureKind: 'snapshot',
      failure: failure('snapshot', 'no snapshot'),
    });
    expect(await started.ends()).toBe(3);
    expect(started.io.stderr.text).toContain('has ended: failed (snapshot)');
  });

  it('ends with 130 at a signal, and with 3 when the process of the run is gone', async () => {
    run.running([runningJob('unit')]);
    const interrupted = attach();
    await interrupted.waits();
    interrupted.io.signals.emit('SIGTERM');
    expect(await interrupted.code).toBe(130);

    run.abandoned([runningJob('unit')]);
    const abandoned = attach();
    expect(await abandoned.code).toBe(3);
    expect(abandoned.io.stderr.text).toContain('Nobody runs the run');
  });

  it('tells how the job ended although nobody reads its output any more', async () => {
    run.running([runningJob('unit')]);
    const started = attach();
    await started.waits();
    // The process hears errors of its streams anyway.
    started.io.stdout.on('error', () => undefined);
    started.io.stdout.emit('error', new Error('EPIPE'));
    await started.looksAgain();
    run.ended([jobRecordOf('unit', { status: 'failed', failureKind: 'timeout' })]);
    expect(await started.ends()).toBe(124);
  });
});
