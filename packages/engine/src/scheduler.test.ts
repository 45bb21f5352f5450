import { DeferredCalls, type PendingCall } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { runSchedule, type NodeResult, type ScheduledNode, type SkipReason } from './scheduler.js';

const node = (id: string, dependsOn: string[] = [], lane = 'job'): ScheduledNode => ({
  id,
  dependsOn,
  lane,
});

/** A schedule whose nodes the test ends one by one. */
function driven(nodes: ScheduledNode[], limits: Record<string, number> = {}) {
  const calls = new DeferredCalls<string, NodeResult>();
  const running = new Map<string, PendingCall<string, NodeResult>>();
  const skipped: { readonly id: string; readonly reason: SkipReason }[] = [];
  const controller = new AbortController();
  const done = runSchedule({
    nodes,
    limits: new Map(Object.entries(limits)),
    signal: controller.signal,
    run: (started) => calls.call(started.id),
    skip: async ({ id }, reason) => void skipped.push({ id, reason }),
  });
  const started = async (...ids: string[]) => {
    for (const id of ids) {
      const call = await calls.next();
      expect(call.request).toBe(id);
      running.set(id, call);
    }
    expect(calls.waiting).toBe(0);
  };
  const end = (id: string, result: NodeResult = 'succeeded') => running.get(id)?.answer(result);
  const crash = (id: string) => running.get(id)?.crash(new Error(`bug in ${id}`));
  return { done, started, end, crash, skipped, cancel: () => controller.abort() };
}

describe('runSchedule', () => {
  it('ends at once without nodes', async () => {
    await driven([]).done;
  });

  it('starts a node when its own dependencies are done, not those of others', async () => {
    const run = driven([node('fast'), node('slow'), node('a', ['fast']), node('b', ['slow'])]);
    await run.started('fast', 'slow');
    run.end('fast');
    await run.started('a');
    run.end('a');
    run.end('slow');
    await run.started('b');
    run.end('b');
    await run.done;
    expect(run.skipped).toEqual([]);
  });

  it('keeps to the limit of a lane and goes on in the order of the nodes', async () => {
    const nodes = [node('a'), node('b'), node('build', [], 'build'), node('c')];
    const run = driven(nodes, { job: 1, build: 1 });
    await run.started('a', 'build');
    run.end('a');
    await run.started('b');
    run.end('b', 'failed');
    await run.started('c');
    run.end('c');
    run.end('build');
    await run.done;
  });

  it('skips what depends on a failed node, directly or not, and goes on with the rest', async () => {
    const run = driven([node('a'), node('b'), node('c', ['b', 'a']), node('d', ['c'])]);
    await run.started('a', 'b');
    run.end('a', 'failed');
    run.end('b');
    await run.done;
    expect(run.skipped).toEqual([
      { id: 'c', reason: { kind: 'blocked', by: ['a'] } },
      { id: 'd', reason: { kind: 'blocked', by: ['c'] } },
    ]);
  });

  it('starts nothing after a cancel, and waits for what runs', async () => {
    const run = driven([node('a'), node('b', ['a']), node('c')], { job: 1 });
    await run.started('a');
    run.cancel();
    let ended = false;
    const done = run.done.then(() => (ended = true));
    run.end('a');
    expect(ended).toBe(false);
    await done;
    expect(run.skipped).toEqual([
      { id: 'b', reason: { kind: 'cancelled' } },
      { id: 'c', reason: { kind: 'cancelled' } },
    ]);
  });

  it('skips a cycle and an unknown dependency instead of waiting for ever', async () => {
    const run = driven([node('a', ['b']), node('b', ['a']), node('c', ['nowhere']), node('d')]);
    await run.started('d');
    run.end('d');
    await run.done;
    expect(run.skipped).toEqual([
      { id: 'a', reason: { kind: 'blocked', by: ['b'] } },
      { id: 'b', reason: { kind: 'blocked', by: ['a'] } },
      { id: 'c', reason: { kind: 'blocked', by: ['nowhere'] } },
    ]);
  });

  it('counts an exception as a failure of the node, goes on, and throws it at the end', async () => {
    const run = driven([node('a'), node('b', ['a']), node('c')], { job: 1 });
    await run.started('a');
    run.crash('a');
    await run.started('c');
    run.end('c');
    await expect(run.done).rejects.toThrow('bug in a');
    expect(run.skipped.map(({ id }) => id)).toEqual(['b']);
  });
});
