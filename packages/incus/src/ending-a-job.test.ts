import { deferred } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { fakeGuest } from './fixtures/fake-guest.js';
import { useFakeIncus } from './fixtures/on-fake-incus.js';
import { endRequestCommand } from './supervisor-script.js';

const on = useFakeIncus();

const requestsToEnd = () =>
  on.fake.requests.filter(({ body }) => body.includes(JSON.stringify(endRequestCommand)));

describe('a job that is cancelled', () => {
  it('is asked to end, and what it says then is kept', async () => {
    const cancel = new AbortController();
    on.fake.onExec(
      fakeGuest(async ({ print, asked }) => {
        cancel.abort();
        await asked;
        print('stdout', 'tidying up\n');
        return 143;
      }),
    );
    const job = await on.run({ signal: cancel.signal, job: { cancelGraceSeconds: 60 } });
    expect(job.outcome).toMatchObject({ exitCode: null, failure: { kind: 'cancelled' } });
    expect(job.log).toBe('tidying up\n');
    expect(job.left).toEqual([]);
  });

  it('is cancelled also when it ends with 0 after it was asked to', async () => {
    const cancel = new AbortController();
    on.fake.onExec(
      fakeGuest(async ({ asked }) => {
        cancel.abort();
        await asked;
        return 0;
      }),
    );
    const job = await on.run({ signal: cancel.signal, job: { cancelGraceSeconds: 60 } });
    expect(job.outcome.failure?.kind).toBe('cancelled');
  });

  it('has its own verdict when it had ended before the request reached it', async () => {
    const cancel = new AbortController();
    on.fake.onExec(
      fakeGuest(() => {
        setImmediate(() => {
          cancel.abort();
        });
        return 3;
      }),
    );
    const held = on.fake.faults.hold({ method: 'GET', path: /files$/ });
    const running = on.run({ signal: cancel.signal, job: { cancelGraceSeconds: 60 } });
    await held.arrived;
    held.release();
    expect((await running).outcome).toMatchObject({ exitCode: 3, failure: { kind: 'job' } });
  });

  it('is asked again when the server does not hear it', async () => {
    const cancel = new AbortController();
    on.fake.onExec(
      fakeGuest(async ({ asked }) => {
        on.fake.faults.drop({ method: 'POST', path: /\/exec$/ }, 'before', 2);
        cancel.abort();
        await asked;
        return 143;
      }),
    );
    const job = await on.run({ signal: cancel.signal, job: { cancelGraceSeconds: 60 } });
    expect(job.outcome.failure?.kind).toBe('cancelled');
    expect(requestsToEnd()).toHaveLength(3);
  });

  it('is ended with its instance when nothing in the guest ends it', async () => {
    const cancel = new AbortController();
    on.fake.onExec(
      fakeGuest(({ print }) => {
        print('stdout', 'x\n');
        cancel.abort();
        return new Promise(() => undefined);
      }),
    );
    const job = await on.run({ signal: cancel.signal, job: { cancelGraceSeconds: 0 } });
    expect(job.outcome.failure?.kind).toBe('cancelled');
    expect(job.log).toBe('x\n');
    expect(on.fake.instances()).toEqual([]);
  });

  it('by force is not waited for, and nothing is fetched from it any more', async () => {
    const force = new AbortController();
    on.fake.onExec(
      fakeGuest(() => {
        force.abort();
        return new Promise(() => undefined);
      }),
    );
    const { signal } = force;
    const job = await on.run({ signal, force: signal, job: { cancelGraceSeconds: 3600 } });
    expect(job.outcome.failure?.kind).toBe('cancelled');
    expect(on.fake.instances()).toEqual([]);
    expect(on.filesRead()).toEqual([]);
  });

  it('by force while its instance is created does not wait for that, and leaves none', async () => {
    const force = new AbortController();
    const held = on.fake.faults.hold({ method: 'POST', path: '/1.0/instances' });
    const { signal } = force;
    const { execution } = await on.bench.execution('x', on.options({ signal, force: signal }));
    const appeared = deferred<undefined>();
    const pause = () => appeared.promise;
    const runtime = on.bench.runtime({ ...on.options(), pause });
    const running = runtime.run(execution);
    await held.arrived;
    force.abort();
    expect((await running).failure?.kind).toBe('cancelled');
    held.release();
    while (on.fake.instances().length === 0) await new Promise(setImmediate);
    appeared.resolve(undefined);
    expect(await runtime.close()).toEqual([]);
    expect(on.fake.instances()).toEqual([]);
  });
});

describe('a job that takes too long', () => {
  it('is ended by its guest, which says so', async () => {
    on.fake.onExec(
      fakeGuest(
        ({ print }) => {
          print('stderr', 'too slow\n');
          return 143;
        },
        () => 'timeout',
      ),
    );
    const job = await on.run({ job: { timeoutSeconds: 7 } });
    expect(job.outcome).toMatchObject({
      exitCode: null,
      failure: { kind: 'timeout', message: 'timed out after 7s' },
    });
    expect(job.log).toBe('too slow\n');
  });

  it('is given up a little later by the host when the guest does not end it', async () => {
    on.fake.onExec(
      fakeGuest(({ print }) => {
        print('stdout', 'x\n');
        return new Promise(() => undefined);
      }),
    );
    const job = await on.run({ job: { timeoutSeconds: 0.01, cancelGraceSeconds: 0 } });
    expect(job.outcome.failure?.kind).toBe('timeout');
    expect(job.log).toBe('x\n');
    expect(on.fake.instances()).toEqual([]);
  });
});

describe('an instance that is not ready in time', () => {
  it.each([
    ['create the instance', { method: 'POST', path: '/1.0/instances' }],
    ['start the instance', { method: 'PUT', path: /\/state$/ }],
    ['write into the guest', { method: 'POST', path: /\/files$/ }],
    ['set up the working tree', { method: 'POST', path: /\/exec$/ }],
  ])('is a failure that names the step: could not %s', async (step, match) => {
    on.fake.onExec(fakeGuest(() => 0));
    const held = on.fake.faults.hold(match);
    const job = on.run({ config: { provisionTimeoutSeconds: 1 } });
    await held.arrived;
    const { outcome, left } = await job;
    held.release();
    expect(outcome.failure).toMatchObject({
      kind: 'infrastructure',
      message: `Incus could not ${step} within 1s`,
      hint: expect.stringContaining('provisionTimeoutSeconds') as string,
    });
    expect(left).toEqual([]);
  });
});
