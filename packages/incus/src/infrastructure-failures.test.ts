import { handleFaultPoints, type FaultPoint } from '@pikaci/model';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeGuest } from './fixtures/fake-guest.js';
import { useFakeIncus } from './fixtures/on-fake-incus.js';

const on = useFakeIncus();
let stopFaults: () => void = () => undefined;
afterEach(() => {
  stopFaults();
});

const diskFull = () =>
  Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

describe('a command that fails with its instance', () => {
  it.each([137, 129, 143])('is no red job: %i, and the instance stops', async (exitCode) => {
    on.fake.onExec(
      fakeGuest(({ exec }) => {
        exec.instance.lxcLog =
          'lxc x 20260101000000.000 ERROR    conf - ../src/lxc/conf.c:run:1 - out of memory\n';
        setImmediate(() => {
          on.fake.stopInstance(on.name);
        });
        return exitCode;
      }),
    );
    const { outcome } = await on.run();
    expect(outcome).toMatchObject({
      exitCode: null,
      failure: { kind: 'infrastructure', reason: 'the instance is stopped\nout of memory' },
    });
  });

  it('is no red job when the instance has rebooted', async () => {
    on.fake.onExec(
      fakeGuest(() => {
        on.fake.rebootInstance(on.name);
        return 143;
      }),
    );
    expect((await on.run()).outcome.failure).toMatchObject({
      kind: 'infrastructure',
      reason: 'the instance was rebooted',
    });
  });

  it('is one when the instance runs on', async () => {
    on.fake.onExec(fakeGuest(() => 143));
    expect((await on.run()).outcome).toMatchObject({ exitCode: 143, failure: { kind: 'job' } });
  });
});

describe('a command that passes', () => {
  it('has passed, whatever becomes of the instance then', async () => {
    on.fake.onExec(
      fakeGuest(({ print }) => {
        print('stdout', 'all of it\n');
        setImmediate(() => {
          on.fake.stopInstance(on.name);
        });
        return 0;
      }),
    );
    const job = await on.run();
    expect(job.outcome.verdict).toBe('passed');
    expect(job.log).toBe('all of it\n');
  });

  it('keeps its output and its artifacts over a restart of the server', async () => {
    on.fake.onExec(
      fakeGuest(({ exec, print }) => {
        print('stdout', 'whole\n');
        exec.instance.files.put(
          '/var/lib/pikaci/artifacts/a.txt',
          'file',
          Buffer.from('a'),
          false,
          {
            uid: 0,
            gid: 0,
            mode: 0o644,
          },
        );
        return 0;
      }),
    );
    on.fake.loseExecOutput(1);
    const restart = { method: 'GET', path: /\/files$/ };
    on.fake.faults.drop(restart, 'before', 2);
    on.fake.faults.drop(restart, 'after-headers', 2);
    const job = await on.run();
    expect(job.outcome).toMatchObject({ verdict: 'passed', artifacts: ['a.txt'], notes: [] });
    expect(job.log).toBe('whole\n');
  });
});

describe('a server that goes away', () => {
  it.each([
    ['creates', { method: 'POST', path: '/1.0/instances' }],
    ['starts', { method: 'PUT', path: /\/state$/ }],
    ['sets up', { method: 'POST', path: /\/files$/ }],
  ])('while it %s the instance is an infrastructure failure, and leaves none', async (_, match) => {
    on.fake.onExec(fakeGuest(() => 0));
    on.fake.faults.drop(match, 'after');
    // The server is not back at once when the instance is to be removed.
    on.fake.faults.drop({ method: 'GET', path: /^\/1\.0\/instances\/[^/]+$/ }, 'before', 2);
    const job = await on.run();
    expect(job.outcome.failure?.kind).toBe('infrastructure');
    expect(job.left).toEqual([]);
    expect(on.fake.instances()).toEqual([]);
  });

  it('and forgets the operation is an infrastructure failure', async () => {
    const held = on.fake.faults.hold({ path: /\/wait$/ });
    const job = on.run();
    await held.arrived;
    on.fake.forgetOperations();
    held.release();
    expect((await job).outcome.failure).toMatchObject({
      kind: 'infrastructure',
      reason: expect.stringContaining('its outcome is unknown') as string,
    });
    expect(on.fake.instances()).toEqual([]);
  });
});

describe('an image that vanished', () => {
  it('is an infrastructure failure once; the next attempt takes what the alias means then', async () => {
    on.fake.onExec(fakeGuest(() => 0));
    const runtime = on.bench.runtime(on.options());
    const { execution } = await on.bench.execution('x', on.options());
    await runtime.prepare({ runId: '', jobId: '', signal: execution.signal });
    on.fake.removeImage('tiny');
    on.fake.addImage('tiny', { fingerprint: 'b'.repeat(64) });
    expect((await runtime.run(execution)).failure).toMatchObject({
      kind: 'infrastructure',
      hint: expect.stringContaining('image went away') as string,
    });
    const again = await runtime.run({ ...execution, attempt: 2 });
    expect(again.verdict).toBe('passed');
    expect(again.execution?.incusImage?.fingerprint).toBe('b'.repeat(64));
    await runtime.close();
  });

  it('that could not be asked for is asked for again', async () => {
    on.fake.faults.drop({ path: /aliases/ });
    const runtime = on.bench.runtime(on.options());
    const request = { runId: '', jobId: '', signal: new AbortController().signal };
    expect((await runtime.prepare(request)).ok).toBe(false);
    expect((await runtime.prepare(request)).ok).toBe(true);
    await runtime.close();
  });
});

describe('a server that has no user ids left', () => {
  it('is an infrastructure failure that says what to do: no guest shares its ids', async () => {
    const words = 'Failed initializing instance: Not enough uid/gid available for the container';
    on.fake.faults.fail({ method: 'POST', path: '/1.0/instances' }, 500, words);
    expect((await on.run()).outcome.failure).toMatchObject({
      kind: 'infrastructure',
      hint: expect.stringContaining('/etc/subuid') as string,
    });
  });
});

describe('a disk of ours that is full', () => {
  it.each([
    'incus.created',
    'incus.started',
    'incus.guest-ready',
    'incus.command-started',
    'incus.command-ended',
    'incus.collected',
  ] satisfies FaultPoint[])(
    'at %s is an infrastructure failure, and leaves nothing',
    async (at) => {
      on.fake.onExec(fakeGuest(() => 1));
      const reached: FaultPoint[] = [];
      stopFaults = handleFaultPoints((point) => {
        reached.push(point);
        if (point === at) throw diskFull();
      });
      const { outcome } = await on.run();
      expect(outcome.failure).toMatchObject({
        kind: 'infrastructure',
        reason: expect.stringContaining('ENOSPC') as string,
      });
      expect(on.fake.instances()).toEqual([]);
      expect(reached.at(-1)).toBe('incus.removed');
    },
  );

  it('once the instance is removed changes no verdict', async () => {
    on.fake.onExec(fakeGuest(() => 0));
    stopFaults = handleFaultPoints((point) => {
      if (point === 'incus.removed') throw diskFull();
    });
    const job = await on.run();
    expect(job.outcome.verdict).toBe('passed');
    expect(job.left[0]).toContain('ENOSPC');
  });
});
