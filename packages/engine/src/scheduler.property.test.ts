import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSchedule, type NodeResult, type ScheduledNode } from './scheduler.js';

type Ending = NodeResult | 'exception';

interface Scenario {
  readonly nodes: readonly ScheduledNode[];
  readonly endings: readonly Ending[];
  readonly limits: ReadonlyMap<string, number>;
  /** After how many steps the run is cancelled; may be never reached. */
  readonly cancelAfter: number | null;
}

const lanes = ['job', 'build'];

/** Any graph without cycles (a node depends on earlier ones), in any order of listing. */
const scenario: fc.Arbitrary<Scenario> = fc
  .array(
    fc.record({
      lane: fc.constantFrom(...lanes),
      dependsOn: fc.uniqueArray(fc.nat(11), { maxLength: 3 }),
      ending: fc.constantFrom<Ending>('succeeded', 'succeeded', 'succeeded', 'failed', 'exception'),
    }),
    { maxLength: 12 },
  )
  .chain((specs) =>
    fc.record({
      nodes: fc
        .constant(
          specs.map(({ lane, dependsOn }, index) => ({
            id: String(index),
            lane,
            dependsOn: dependsOn.filter((other) => other < index).map(String),
          })),
        )
        .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length })),
      endings: fc.constant(specs.map(({ ending }) => ending)),
      limits: fc
        .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
        .map(([job, build]) => new Map([['job', job] as const, ['build', build] as const])),
      cancelAfter: fc.option(fc.nat(12)),
    }),
  );

interface Outcome {
  readonly settled: Map<string, string[]>;
  readonly problems: string[];
}

/** Runs a scenario; fast-check's scheduler chooses the order in which running nodes end. */
async function play(scenario: Scenario, order: fc.Scheduler): Promise<Outcome> {
  const { nodes, endings, limits, cancelAfter } = scenario;
  const controller = new AbortController();
  const settled = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  const problems: string[] = [];
  const running = new Map<string, number>();
  let steps = 0;
  const step = () => {
    if (steps++ === cancelAfter) controller.abort();
  };
  const settle = (id: string, how: string) => settled.get(id)?.push(how);
  step();
  const done = runSchedule<ScheduledNode>({
    nodes,
    limits,
    signal: controller.signal,
    run: async ({ id, lane, dependsOn }) => {
      if (controller.signal.aborted) problems.push(`${id} started after the cancel`);
      const missing = dependsOn.filter((other) => settled.get(other)?.[0] !== 'succeeded');
      if (missing.length > 0) problems.push(`${id} started before ${missing.join()}`);
      running.set(lane, (running.get(lane) ?? 0) + 1);
      if ((running.get(lane) ?? 0) > (limits.get(lane) ?? 0)) problems.push(`too many in ${lane}`);
      await order.schedule(Promise.resolve(), `end of ${id}`);
      running.set(lane, (running.get(lane) ?? 0) - 1);
      const ending = endings[Number(id)] ?? 'succeeded';
      settle(id, ending);
      step();
      if (ending === 'exception') throw new Error(`exception of ${id}`);
      return ending;
    },
    skip: async ({ id, dependsOn }, reason) => {
      const blocked = dependsOn.some((other) =>
        (settled.get(other) ?? []).some((how) => how !== 'succeeded'),
      );
      if (reason.kind === 'blocked' && !blocked) problems.push(`${id} skipped without a reason`);
      if (reason.kind === 'cancelled' && !controller.signal.aborted) {
        problems.push(`${id} cancelled without a cancel`);
      }
      settle(id, 'skipped');
      await order.schedule(Promise.resolve(), `skip of ${id}`);
    },
  }).catch((thrown: unknown) => problems.push(...(isScripted(thrown) ? [] : [String(thrown)])));
  await order.waitFor(done);
  return { settled, problems };
}

function isScripted(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.startsWith('exception of ');
}

describe('runSchedule, for any graph and any interleaving', () => {
  it('settles every node once, after its dependencies, within the limits', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.scheduler(), async (given, order) => {
        const { settled, problems } = await play(given, order);
        expect(problems).toEqual([]);
        expect([...settled.values()].map((how) => how.length)).toEqual(given.nodes.map(() => 1));
      }),
      { numRuns: 300 },
    );
  });

  it('runs every node whose dependencies all succeed, unless it is cancelled', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.scheduler(), async (given, order) => {
        const { settled } = await play({ ...given, cancelAfter: null }, order);
        const results = (id: string) => settled.get(id)?.[0];
        for (const { id, dependsOn } of given.nodes) {
          const ready = dependsOn.every((other) => results(other) === 'succeeded');
          expect(results(id) === 'skipped').toBe(!ready);
        }
      }),
      { numRuns: 200 },
    );
  });
});
