import { pikaciConfigSchema, planRecordCodec, type PikaciConfigInput } from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildRunPlan } from './build-run-plan.js';
import { planRecord } from './plan-record.js';
import { selectJobs } from './select-jobs.js';

function plan(input: Partial<PikaciConfigInput>, names: string[], runtime?: 'process' | 'incus') {
  const config = pikaciConfigSchema.parse({ schemaVersion: 1, jobs: {}, ...input });
  const selection = selectJobs(config, names);
  if (!selection.ok) throw new Error(selection.error.message);
  return buildRunPlan({
    config,
    selection: selection.value,
    snapshot: { dir: '/snapshot', hash: 'a'.repeat(64), sourceRoot: '/src' },
    layout: runLayout('/state', 'run'),
    runId: 'run',
    createdAt: 'now',
    ...(runtime === undefined ? {} : { runtime }),
  });
}

const directory = (dependsOn: string[] = []) => ({
  kind: 'directory' as const,
  source: '/x',
  dependsOn,
});

describe('buildRunPlan', () => {
  it('gives a job without payloads no mounts and, as a plain process, no preparation', () => {
    expect(plan({ jobs: { a: { run: 'true' } } }, ['a'])).toMatchObject({
      ok: true,
      value: {
        nodes: [
          { id: 'execute-a', dependsOn: [], job: { hostContext: { stagedPayloadMounts: [] } } },
        ],
      },
    });
  });

  it('mounts a payload that is for one runtime on that runtime alone', () => {
    const input: Partial<PikaciConfigInput> = {
      payloads: { node: directory() },
      jobs: { a: { run: 'true', payloads: [{ payload: 'node', runtime: 'incus' }] } },
    };
    const nodes = (runtime: 'process' | 'incus') => {
      const made = plan(input, ['a'], runtime);
      return made.ok ? made.value.nodes.map((node) => node.id) : made.error.message;
    };
    expect(nodes('process')).toEqual(['execute-a']);
    expect(nodes('incus')).toEqual(['prepare-node', 'prepare-a-runner', 'execute-a']);
  });

  it('makes a job wait for the jobs it needs', () => {
    expect(plan({ jobs: { a: { run: 'a' }, b: { run: 'b', needs: ['a'] } } }, ['b'])).toMatchObject(
      {
        ok: true,
        value: { nodes: [{ id: 'execute-a' }, { id: 'execute-b', dependsOn: ['execute-a'] }] },
      },
    );
  });

  it('knows the reports of a job, and so does its record', () => {
    const made = plan(
      { jobs: { a: { run: 'a', reports: { junit: 'out/*.xml' } }, b: { run: 'b' } } },
      ['a', 'b'],
    );
    if (!made.ok) throw new Error(made.error.message);
    const nodes = [{ reports: { junit: ['out/*.xml'] } }, { reports: { junit: [] } }];
    expect(made.value.nodes).toMatchObject(nodes.map((job) => ({ job })));
    expect(planRecord(made.value).nodes).toMatchObject(nodes);
  });

  it('plans a payload that only another payload needs', () => {
    const made = plan(
      {
        payloads: { top: directory(['base']), base: directory() },
        jobs: { a: { run: 'a', payloads: ['top'] } },
      },
      ['a'],
    );
    expect(made).toMatchObject({
      ok: true,
      value: {
        nodes: [
          { id: 'prepare-base', consumers: { exposures: [] } },
          { id: 'prepare-top', dependsOn: ['prepare-base'] },
          { id: 'execute-a', dependsOn: ['prepare-top'] },
        ],
      },
    });
  });

  it('refuses ids that would give two nodes the same name', () => {
    const made = plan(
      {
        payloads: { 'a-runner': directory() },
        jobs: { a: { run: 'a', runtime: 'incus', payloads: ['a-runner'] } },
      },
      ['a'],
    );
    expect(made).toMatchObject({
      ok: false,
      error: { kind: 'config', message: 'Two nodes of the plan have the id "prepare-a-runner"' },
    });
  });

  it('refuses payloads that depend on each other', () => {
    const made = plan(
      {
        payloads: { x: directory(['y']), y: directory(['x']) },
        jobs: { a: { run: 'a', payloads: ['x'] } },
      },
      ['a'],
    );
    expect(made).toMatchObject({
      ok: false,
      error: { message: 'Payloads depend on each other: x -> y -> x' },
    });
  });

  it('refuses a payload that would be staged inside another one of the same job, in either order', () => {
    // The outer one is a link into the payload store: what is staged below it would land in the store.
    const payloads = {
      outer: { ...directory(), stageAt: 'staged/a' },
      inner: { ...directory(['outer']), stageAt: 'staged/a/b' },
      beside: { ...directory(), stageAt: 'staged/a-b' },
    };
    const staged = (ids: string[]) =>
      plan({ payloads, jobs: { j: { run: 'true', payloads: ids } } }, ['j']);
    for (const ids of [
      ['outer', 'inner'],
      ['inner', 'outer'],
    ]) {
      const refused = staged(ids);
      expect(refused).toMatchObject({ ok: false, error: { kind: 'config' } });
      expect(refused.ok ? '' : refused.error.message).toMatch(/staged\/a(\/b)? and staged\/a/);
    }
    expect(staged(['outer', 'beside'])).toMatchObject({ ok: true });
  });

  it('refuses two payloads of one job with the same device prefix', () => {
    const payload = { ...directory(), devicePrefix: 'same' };
    const made = plan(
      { payloads: { x: payload, y: payload }, jobs: { a: { run: 'a', payloads: ['x', 'y'] } } },
      ['a'],
    );
    expect(made).toMatchObject({ ok: false, error: { kind: 'config' } });
  });

  it('shares the node of a payload among jobs that differ in what they may do with it', () => {
    const made = plan(
      {
        payloads: { deps: directory() },
        jobs: {
          a: { run: 'a', payloads: ['deps'] },
          b: { run: 'b', payloads: [{ payload: 'deps', mode: 'overlay' }] },
        },
      },
      ['a', 'b'],
    );
    const staged = (mode: string) => ({
      job: { hostContext: { stagedPayloadMounts: [{ mode }] } },
    });
    expect(made).toMatchObject({
      value: { nodes: [{ id: 'prepare-deps' }, staged('read-only'), staged('overlay')] },
    });
  });

  it('refuses a command with an entry point that the job does not have on its runtime', () => {
    const input: Partial<PikaciConfigInput> = {
      payloads: { tool: directory() },
      jobs: {
        a: {
          run: '${payload:tool:entrypoint:say}',
          payloads: [{ payload: 'tool', runtime: 'incus' }],
        },
        b: { run: '${payload:tool}' },
      },
    };
    expect(plan(input, ['a'], 'incus').ok).toBe(true);
    expect(plan(input, ['a'], 'process')).toMatchObject({
      error: {
        kind: 'config',
        message:
          'Job "a" has no payload "tool" on the runtime process, and its command has ${payload:tool:entrypoint:say}',
      },
    });
    expect(plan(input, ['b'])).toMatchObject({
      error: { message: expect.stringContaining('is not of the form') as string },
    });
  });

  it('refuses a user on the process runtime', () => {
    expect(plan({ jobs: { a: { run: 'a', user: '1000' } } }, ['a'])).toMatchObject({
      ok: false,
      error: { kind: 'config' },
    });
  });

  it('gives equal bytes for equal inputs, and puts every node after what it depends on', () => {
    const graph = fc
      .integer({ min: 1, max: 8 })
      .chain((count) =>
        fc.tuple(
          fc.array(fc.nat(), { minLength: count * count, maxLength: count * count }),
          fc.constant(count),
        ),
      );
    fc.assert(
      fc.property(graph, ([bits, count]) => {
        const earlier = (index: number) =>
          [...Array(index).keys()].filter((other) => (bits[index * count + other] ?? 0) % 3 === 0);
        const ids = [...Array(count).keys()];
        const input: Partial<PikaciConfigInput> = {
          payloads: Object.fromEntries(
            ids.map((id) => [`p${id}`, directory(earlier(id).map((other) => `p${other}`))]),
          ),
          jobs: Object.fromEntries(
            ids.map((id) => [
              `j${id}`,
              {
                run: 'true',
                payloads: earlier(id).map((other) => `p${other}`),
                needs: earlier(id).map((other) => `j${other}`),
              },
            ]),
          ),
        };
        const bytes = () => {
          const made = plan(input, [`j${count - 1}`]);
          if (!made.ok) throw new Error(made.error.message);
          return JSON.stringify(
            planRecordCodec.encode(planRecord(made.value, { anonymous: true })),
          );
        };
        const first = bytes();
        expect(bytes()).toBe(first);
        const { nodes } = JSON.parse(first) as { nodes: { id: string; depends_on: string[] }[] };
        const order = nodes.map((node) => node.id);
        for (const node of nodes) {
          for (const dependency of node.depends_on) {
            expect(order.indexOf(dependency)).toBeLessThan(order.indexOf(node.id));
            expect(order).toContain(dependency);
          }
        }
      }),
    );
  });
});
