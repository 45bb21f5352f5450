import {
  fail,
  type JobOutcome,
  type Outcome,
  type PreparedPayload,
  type PreparePayloadRequest,
  type RunRecord,
} from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import {
  DeferredCalls,
  exampleRunId,
  failedOutcome,
  fakePorts,
  FakeSnapshotStore,
  runRequestOf,
  type FakePorts,
} from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { executeRun } from './execute-run.js';

const layout = runLayout('/state', exampleRunId);
const jobs = { a: { run: 'x' }, b: { run: 'x', needs: ['a'] }, c: { run: 'x' } };

async function execute(ports: FakePorts, signal: AbortSignal, config = {}): Promise<RunRecord> {
  const request = { ...runRequestOf({ jobs, ...config }, { signal, jobLimit: 1 }), layout };
  const ended = await executeRun(request, ports);
  if (!ended.ok) throw new Error(ended.error.message);
  return ended.value;
}

const eventNames = (ports: FakePorts) =>
  ports.store.runs.get(exampleRunId)?.events.map((event) => event.event);

describe('executeRun, cancelled', () => {
  it('ends the build of a payload with grace first, and without when it is asked twice', async () => {
    const calls = new DeferredCalls<PreparePayloadRequest, Outcome<PreparedPayload>>();
    const ports = fakePorts({ prepare: (request) => calls.call(request) });
    const [cancel, force] = [new AbortController(), new AbortController()];
    const config = {
      payloads: {
        tool: {
          kind: 'command' as const,
          run: 'x',
          mounts: [{ name: 'tool', guestPath: '/opt/tool' }],
        },
      },
      jobs: { a: { run: 'x', payloads: ['tool'] } },
    };
    const stops = { signal: cancel.signal, force: force.signal };
    const ended = executeRun({ ...runRequestOf(config, stops), layout }, ports);
    const build = await calls.next();
    const { request } = build;
    expect([request.signal.aborted, request.force.aborted]).toEqual([false, false]);
    cancel.abort('interrupted by SIGINT');
    expect([request.signal.aborted, request.force.aborted]).toEqual([true, false]);
    force.abort('interrupted by SIGINT');
    expect(request.force.aborted).toBe(true);
    build.answer(fail('cancelled', 'The build of payload "tool" was cancelled'));
    const record = await ended;
    expect(record).toMatchObject({ ok: true, value: { failureKind: 'cancelled' } });
  });

  it('ends what runs, skips what does not, and says so', async () => {
    const calls = new DeferredCalls<AbortSignal, JobOutcome>();
    const ports = fakePorts({ process: { run: ({ signal }) => calls.call(signal) } });
    const controller = new AbortController();
    const ended = execute(ports, controller.signal);
    const running = await calls.next();
    controller.abort('interrupted by SIGINT');
    expect(running.request.aborted).toBe(true);
    running.answer(failedOutcome('cancelled', 'cancelled'));
    const record = await ended;
    const notRun = 'not run because the run was cancelled: interrupted by SIGINT';
    expect(record).toMatchObject({
      status: 'failed',
      failureKind: 'cancelled',
      message: 'The run was cancelled: interrupted by SIGINT',
      jobs: [
        { id: 'a', status: 'failed', failureKind: 'cancelled' },
        { id: 'b', status: 'skipped', message: notRun, failureKind: null },
        { id: 'c', status: 'skipped', message: notRun },
      ],
    });
    expect(ports.process.executions).toHaveLength(1);
    expect(ports.process.closed).toBe(1);
    const names = eventNames(ports) ?? [];
    expect(names.filter((name) => name === 'cancel_requested')).toHaveLength(1);
    expect(names.indexOf('cancel_requested')).toBeLessThan(names.indexOf('job_finished'));
    expect(names.at(-1)).toBe('run_finished');
  });

  it('takes a command that was killed for cancelled, and one that ended by itself for failed', async () => {
    const killed = { ...failedOutcome('job', 'killed by signal 15'), exitCode: null };
    for (const [outcome, kind] of [
      [killed, 'cancelled'],
      [failedOutcome('job'), 'job'],
    ] as const) {
      const controller = new AbortController();
      const run = async () => {
        controller.abort('stop');
        return outcome;
      };
      const record = await execute(fakePorts({ process: { run } }), controller.signal);
      expect(record).toMatchObject({
        failureKind: 'cancelled',
        jobs: [{ failureKind: kind }, {}, {}],
      });
    }
  });

  it('runs nothing when it was cancelled before it began', async () => {
    const ports = fakePorts();
    const record = await execute(ports, AbortSignal.abort('too late'));
    expect(record.failure).toMatchObject({ kind: 'cancelled', reason: 'too late' });
    expect(record.jobs.map((job) => job.status)).toEqual(['skipped', 'skipped', 'skipped']);
    expect(ports.process.executions).toEqual([]);
    expect(eventNames(ports)?.slice(0, 2)).toEqual(['run_started', 'cancel_requested']);
  });

  it('is cancelled, not without a snapshot, when the snapshot was broken off', async () => {
    const controller = new AbortController();
    const take = async () => {
      controller.abort(new Error('interrupted'));
      return fail('snapshot', 'git was killed');
    };
    const ports = fakePorts({ snapshots: new FakeSnapshotStore(take) });
    expect(await execute(ports, controller.signal)).toMatchObject({
      failureKind: 'cancelled',
      message: 'The run was cancelled: interrupted',
      jobs: [],
    });
  });

  it('skips the jobs of a payload whose build was broken off', async () => {
    const controller = new AbortController();
    const ports = fakePorts({
      prepare: async () => {
        controller.abort('stop');
        return fail('cancelled', 'cancelled');
      },
    });
    const config = {
      payloads: { deps: { kind: 'command', run: 'make' } },
      jobs: { a: { run: 'x', payloads: ['deps'] } },
    };
    expect(await execute(ports, controller.signal, config)).toMatchObject({
      failureKind: 'cancelled',
      jobs: [{ status: 'skipped', message: 'not run because the run was cancelled: stop' }],
    });
  });

  it('leaves a run that had passed already as it was', async () => {
    const controller = new AbortController();
    const ports = fakePorts({
      process: {
        close: async () => {
          controller.abort('too late');
          return [];
        },
      },
    });
    expect(await execute(ports, controller.signal)).toMatchObject({ status: 'passed' });
    expect(eventNames(ports)).not.toContain('cancel_requested');
  });
});
