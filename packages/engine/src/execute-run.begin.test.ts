import { handleFaultPoints, type JobOutcome } from '@pikaci/model';
import {
  exampleRunId,
  failedOutcome,
  fakePorts,
  runRequestOf,
  type FakePorts,
} from '@pikaci/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { layout } from './driven-run.test.helper.js';
import { executeRun } from './execute-run.js';

let stopHandling: () => void = () => undefined;
afterEach(() => stopHandling());

interface BegunRun {
  readonly cancel: AbortController;
  readonly ports: FakePorts;
}

/**
 * Runs the jobs `a`, which never passes, and `b`, which needs it.
 *
 * @param moment a fault point or a write at which `act` is called
 * @param time which time it is reached, from 1
 */
async function execute(moment: string, time: number, act: (run: BegunRun) => void) {
  const cancel = new AbortController();
  let times = 0;
  const reach = (what: string) => {
    if (what === moment && (times += 1) === time) act({ cancel, ports });
  };
  stopHandling = handleFaultPoints(reach);
  const failing = (write: string) => {
    reach(write);
    return null;
  };
  const run = async (): Promise<JobOutcome> => failedOutcome('job');
  const ports = fakePorts({ failing, process: { run } });
  const jobs = { a: { run: 'x', retry: { job: 1 } }, b: { run: 'x', needs: ['a'] } };
  const request = { ...runRequestOf({ jobs }, { signal: cancel.signal }), layout };
  const ended = await executeRun(request, ports);
  if (!ended.ok) throw new Error(ended.error.message);
  const events = ports.store.runs.get(exampleRunId)?.events.map(({ event }) => event) ?? [];
  return { record: ended.value, executions: ports.process.executions, events };
}

describe('executeRun, cancelled while a job is about to begin', () => {
  const moments = ['engine.node-started', 'job a running'];

  it.each(moments)('at "%s" skips it as those that were not scheduled', async (moment) => {
    const cancelled = await execute(moment, 1, ({ cancel }) => cancel.abort('enough'));
    const notRun = 'not run because the run was cancelled: enough';
    expect(cancelled.record).toMatchObject({
      failureKind: 'cancelled',
      jobs: [
        { id: 'a', status: 'skipped', message: notRun, failureKind: null, attempts: [] },
        { id: 'b', status: 'skipped', message: notRun },
      ],
    });
    expect(cancelled.executions).toEqual([]);
    expect(cancelled.events).toContain('cancel_requested');
    expect(cancelled.events).not.toContain('job_started');
    expect(cancelled.events.filter((event) => event === 'job_skipped')).toHaveLength(2);
  });

  it.each(moments)('alone, at "%s" calls it cancelled', async (moment) => {
    const cancelled = await execute(moment, 1, ({ ports }) =>
      ports.store.runs.get(exampleRunId)?.request({
        schemaVersion: 1,
        request: 'cancel',
        jobId: 'a',
        now: false,
        by: 'somebody',
        requestedAt: '2026-03-07T00:00:02Z',
      }),
    );
    expect(cancelled.record.jobs).toMatchObject([
      { status: 'failed', failureKind: 'cancelled', message: 'cancelled before it started' },
      { status: 'skipped', message: 'not run because `a` did not pass' },
    ]);
    expect(cancelled.executions).toEqual([]);
    expect(cancelled.events).not.toContain('job_started');
  });

  it('for another time leaves it at the attempts it had', async () => {
    // Written when it begins, when the next attempt is known, and when that one begins.
    const cancelled = await execute('job a running', 3, ({ cancel }) => cancel.abort('enough'));
    expect(cancelled.record.jobs[0]).toMatchObject({
      attempt: 2,
      status: 'failed',
      failureKind: 'cancelled',
      failure: { reason: 'enough' },
    });
    expect(cancelled.executions).toHaveLength(1);
    expect(cancelled.events.filter((event) => event === 'job_started')).toHaveLength(1);
  });
});
