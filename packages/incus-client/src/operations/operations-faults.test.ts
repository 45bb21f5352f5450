import { describe, expect, it } from 'vitest';
import { startFakeIncus, type FakeIncus } from '@pikaci/testkit';
import { createIncusClient, type IncusClient, type IncusClientOptions } from '../client.js';
import { valueOf } from '../contract/contract-server.js';
import { isInstanceBusy } from '../error-causes.js';
import { describeIncusError } from '../incus-error.js';

const start = { action: 'start' } as const;

async function withStoppedGuest(
  test: (fake: FakeIncus, client: IncusClient) => Promise<void>,
  options: Partial<IncusClientOptions> = {},
): Promise<void> {
  await using fake = await startFakeIncus();
  const client = createIncusClient({ socketPath: fake.socketPath, ...options });
  const { fingerprint } = valueOf(await client.images.getAlias('tiny'));
  valueOf(await client.instances.create({ name: 'c', type: 'container', fingerprint }));
  await test(fake, client);
  client.close();
}

/** A clock whose sleeps take no time and are remembered. */
function instantClock(): {
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  slept: number[];
} {
  let now = 0;
  const slept: number[] = [];
  const sleep = (milliseconds: number): Promise<void> => {
    slept.push(milliseconds);
    now += milliseconds;
    return Promise.resolve();
  };
  return { now: () => now, sleep, slept };
}

describe('operations when things break', () => {
  it('says that the outcome is unknown when the server forgot the operation', () =>
    withStoppedGuest(async (fake, client) => {
      const held = fake.faults.hold({ path: /\/wait$/ });
      const started = client.instances.setState('c', start);
      await held.arrived;
      fake.forgetOperations();
      held.release();
      const result = await started;
      expect(result).toMatchObject({ ok: false, error: { kind: 'outcome-unknown' } });
      expect(result.ok ? '' : describeIncusError(result.error)).toContain('outcome is unknown');
    }));

  it('takes a wait up again that was cut before or after it was answered', () =>
    withStoppedGuest(async (fake, client) => {
      fake.faults.drop({ path: /\/wait$/ }, 'before');
      valueOf(await client.instances.setState('c', start));
      fake.faults.drop({ path: /\/wait$/ }, 'after');
      valueOf(await client.instances.setState('c', { action: 'stop' }));
      expect(fake.instance('c').running).toBe(false);
    }));

  it('tells an operation that failed from a wait that failed', () =>
    withStoppedGuest(async (fake, client) => {
      fake.failNextStart(['conf - ../src/lxc/conf.c:lxc_setup:4419 - No space left on device']);
      expect(await client.instances.setState('c', start)).toMatchObject({
        ok: false,
        error: { kind: 'operation', statusCode: 400, request: 'PUT /1.0/instances/c/state' },
      });
      const causes = valueOf(await client.instances.explainStartFailure('c'));
      expect(causes).toEqual(['No space left on device']);
    }));

  it('takes an operation that answers 404 for a failure of its own, not for a forgotten one', () =>
    withStoppedGuest(async (fake, client) => {
      fake.faults.fail({ path: /\/wait$/ }, 404, 'Instance not found');
      valueOf(await client.instances.setState('c', start));
    }));

  it('repeats a change while the instance is busy, with growing pauses', async () => {
    const clock = instantClock();
    await withStoppedGuest(
      async (fake, client) => {
        fake.faults.busy('c', 4);
        valueOf(await client.instances.setState('c', start));
        expect(clock.slept).toEqual([50, 100, 200, 400]);
        fake.faults.busy('c', 1);
        valueOf(await client.instances.patch('c', { config: { 'user.x': '1' } }));
        valueOf(await client.instances.setState('c', { action: 'stop' }));
        fake.faults.busy('c', 1);
        valueOf(await client.instances.delete('c'));
      },
      { clock },
    );
  });

  it('gives up on a busy instance in the end', async () => {
    const clock = instantClock();
    await withStoppedGuest(
      async (fake, client) => {
        fake.faults.busy('c', 1_000);
        const result = await client.instances.setState('c', start);
        expect(!result.ok && isInstanceBusy(result.error)).toBe(true);
        expect(clock.now()).toBeGreaterThan(1_000);
        expect(clock.now()).toBeLessThanOrEqual(2_000);
      },
      { clock, busyRetryMs: 2_000 },
    );
  });

  it('ends at its time limit when the server never answers', () =>
    withStoppedGuest(async (fake, client) => {
      const held = fake.faults.hold({ path: /\/wait$/ });
      const result = await client.instances.setState('c', start, { timeoutMs: 50 });
      expect(result).toMatchObject({ ok: false, error: { kind: 'timeout', timeoutMs: 50 } });
      held.release();
    }));

  it('keeps the query of the operation path when it waits in a project', () =>
    withStoppedGuest(
      async (fake, client) => {
        valueOf(await client.instances.setState('c', start));
        const waits = fake.requests.filter(({ path }) => path.endsWith('/wait'));
        expect(waits.map(({ query }) => query.getAll('project'))).toEqual([['ci'], ['ci']]);
        expect(fake.instances('default')).toEqual([]);
        expect(fake.instance('c', 'ci').running).toBe(true);
      },
      { project: 'ci' },
    ));
});
