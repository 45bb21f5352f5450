import { deferred, DeferredCalls, type PendingCall } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import {
  runSchedule,
  type NodeEnd,
  type NodeResult,
  type Schedule,
  type ScheduledNode,
  type SkipReason,
} from './scheduler.js';

const node = (id: string, dependsOn: string[] = [], ...resources: string[]): ScheduledNode => ({
  id,
  dependsOn,
  resources: resources.length === 0 ? ['jobs'] : resources,
});

/** A schedule whose nodes the test ends one by one. */
function driven(
  nodes: ScheduledNode[],
  limits: Record<string, number> = {},
  more: Partial<Schedule<ScheduledNode>> = {},
) {
  const calls = new DeferredCalls<string, NodeEnd>();
  const running = new Map<string, PendingCall<string, NodeEnd>>();
  const skipped: { readonly id: string; readonly reason: SkipReason }[] = [];
  const controller = new AbortController();
  const done = runSchedule({
    nodes,
    limits: new Map(Object.entries(limits)),
    signal: controller.signal,
    run: (started) => calls.call(started.id),
    skip: async ({ id }, reason) => void skipped.push({ id, reason }),
    ...more,
  });
  const started = async (...ids: string[]) => {
    for (const id of ids) {
      const call = await calls.next();
      expect(call.request).toBe(id);
      running.set(id, call);
    }
    expect(calls.waiting).toBe(0);
  };
  const end = (id: string, result: NodeResult = 'succeeded', more: Partial<NodeEnd> = {}) =>
    running.get(id)?.answer({ result, ...more });
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

  it('starts a node that follows others when they have ended, in whatever way', async () => {
    const after = { ...node('tidy'), follows: ['a', 'b', 'c'] };
    const run = driven([after, node('a'), node('b'), node('c', ['a'])]);
    await run.started('a', 'b');
    run.end('a', 'failed');
    run.end('b');
    await run.started('tidy');
    run.end('tidy');
    await run.done;
    expect(run.skipped.map(({ id }) => id)).toEqual(['c']);
  });

  it('starts a node that is for failures only after one', async () => {
    const onFailure = (id: string, ...follows: string[]) => ({
      ...node(id),
      follows,
      onlyAfterFailure: true,
    });
    const run = driven([node('good'), node('bad'), onFailure('x', 'good'), onFailure('y', 'bad')]);
    await run.started('good', 'bad');
    run.end('bad', 'failed');
    run.end('good');
    await run.started('y');
    run.end('y');
    await run.done;
    expect(run.skipped).toEqual([{ id: 'x', reason: { kind: 'unwanted' } }]);
  });

  it('keeps to the limit of a resource and goes on in the order of the nodes', async () => {
    const nodes = [node('a'), node('b'), node('build', [], 'builds'), node('c')];
    const run = driven(nodes, { jobs: 1, builds: 1 });
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
    const run = driven([node('a'), node('b', ['a']), node('c')], { jobs: 1 });
    await run.started('a');
    run.cancel();
    let ended = false;
    const done = run.done.then(() => (ended = true));
    run.end('a');
    expect(ended).toBe(false);
    await done;
    expect(run.skipped).toEqual([
      { id: 'b', reason: { kind: 'stopped' } },
      { id: 'c', reason: { kind: 'stopped' } },
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
    const run = driven([node('a'), node('b', ['a']), node('c')], { jobs: 1 });
    await run.started('a');
    run.crash('a');
    await run.started('c');
    run.end('c');
    await expect(run.done).rejects.toThrow('bug in a');
    expect(run.skipped.map(({ id }) => id)).toEqual(['b']);
  });

  it('takes resources together: none is held while another is waited for', async () => {
    const nodes = [
      node('vm1', [], 'jobs', 'instances'),
      node('vm2', [], 'jobs', 'instances'),
      node('plain'),
    ];
    const run = driven(nodes, { jobs: 2, instances: 1 });
    await run.started('vm1', 'plain');
    run.end('plain');
    run.end('vm1');
    await run.started('vm2');
    run.end('vm2');
    await run.done;
  });

  it('takes a resource as often as a node names it', async () => {
    const run = driven([node('a', [], 'r'), node('b', [], 'r', 'r'), node('c', [], 'r')], { r: 2 });
    await run.started('a', 'c');
    run.end('a');
    run.end('c');
    await run.started('b');
    run.end('b');
    await run.done;
  });

  it('counts what a node holds longer than it runs, and does not wait for it at the end', async () => {
    const released = deferred<undefined>();
    const never = new Promise<void>(() => undefined);
    const nodes = [node('vm1', [], 'jobs', 'instances'), node('vm2', [], 'jobs', 'instances')];
    const run = driven([...nodes, node('plain')], { jobs: 1, instances: 1 });
    await run.started('vm1');
    run.end('vm1', 'succeeded', {
      stillHeld: new Map([['instances', released.promise.then(() => undefined)]]),
    });
    await run.started('plain');
    run.end('plain');
    await run.started();
    released.resolve(undefined);
    await run.started('vm2');
    run.end('vm2', 'succeeded', { stillHeld: new Map([['instances', never]]) });
    await run.done;
  });

  it('lets a node wait to be admitted without a resource, and only after its dependencies', async () => {
    const doors = new DeferredCalls<string, undefined>();
    const nodes = [node('a'), node('grouped', ['a']), node('b')];
    const admit = ({ id }: ScheduledNode) => (id === 'grouped' ? doors.call(id) : null);
    const run = driven(nodes, { jobs: 1 }, { admit });
    await run.started('a');
    expect(doors.waiting).toBe(0);
    run.end('a');
    const door = await doors.next();
    await run.started('b');
    door.answer(undefined);
    run.end('b');
    await run.started('grouped');
    run.end('grouped');
    await run.done;
  });

  it('takes a node back that waits, and blocks what depends on it; not one that runs', async () => {
    const back = new AbortController();
    const { signal } = back;
    const nodes = [{ ...node('a'), signal }, { ...node('b'), signal }, node('c', ['b']), node('d')];
    const run = driven(nodes, { jobs: 1 });
    await run.started('a');
    back.abort();
    run.end('a');
    await run.started('d');
    run.end('d');
    await run.done;
    expect(run.skipped).toEqual([
      { id: 'b', reason: { kind: 'withdrawn' } },
      { id: 'c', reason: { kind: 'blocked', by: ['b'] } },
    ]);
  });

  it('does nothing for nodes that have their result already', async () => {
    const settled = new Map<string, NodeResult>([
      ['a', 'succeeded'],
      ['b', 'failed'],
    ]);
    const nodes = [node('a'), node('b'), node('c', ['a']), node('d', ['b'])];
    const run = driven(nodes, {}, { settled });
    await run.started('c');
    run.end('c');
    await run.done;
    expect(run.skipped).toEqual([{ id: 'd', reason: { kind: 'blocked', by: ['b'] } }]);
  });
});
