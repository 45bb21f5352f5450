import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSchedule, type NodeResult, type ScheduledNode } from './scheduler.js';

type Ending = NodeResult | 'exception';

interface Scenario {
  readonly nodes: readonly ScheduledNode[];
  readonly endings: readonly Ending[];
  /** Which nodes have to be admitted, and which hold their resources longer than they run. */
  readonly asks: readonly boolean[];
  readonly heldLonger: readonly boolean[];
  readonly limits: ReadonlyMap<string, number>;
  /** After how many steps the run is cancelled; may be never reached. */
  readonly cancelAfter: number | null;
}

const names = ['jobs', 'builds', 'instances'];

/** Any graph without cycles (a node depends on earlier ones), in any order of listing. */
const scenario: fc.Arbitrary<Scenario> = fc
  .array(
    fc.record({
      resources: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
      admission: fc.boolean(),
      heldLonger: fc.boolean(),
      dependsOn: fc.uniqueArray(fc.nat(11), { maxLength: 3 }),
      follows: fc.uniqueArray(fc.nat(11), { maxLength: 2 }),
      onlyAfterFailure: fc.boolean(),
      ending: fc.constantFrom<Ending>('succeeded', 'succeeded', 'succeeded', 'failed', 'exception'),
    }),
    { maxLength: 12 },
  )
  .chain((specs) =>
    fc.record({
      nodes: fc
        .constant(
          specs.map(({ resources, dependsOn, follows, onlyAfterFailure }, index) => ({
            id: String(index),
            resources,
            dependsOn: dependsOn.filter((other) => other < index).map(String),
            follows: follows.filter((other) => other < index).map(String),
            // Without anything to follow it would never run.
            onlyAfterFailure: onlyAfterFailure && follows.some((other) => other < index),
          })),
        )
        .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length })),
      endings: fc.constant(specs.map(({ ending }) => ending)),
      asks: fc.constant(specs.map(({ admission }) => admission)),
      heldLonger: fc.constant(specs.map(({ heldLonger }) => heldLonger)),
      limits: fc
        .tuple(...names.map(() => fc.integer({ min: 1, max: 3 })))
        .map((limits) => new Map(limits.map((limit, index) => [names[index]!, limit]))),
      cancelAfter: fc.option(fc.nat(12)),
    }),
  );

interface Outcome {
  readonly settled: Map<string, string[]>;
  readonly problems: string[];
  readonly started: string[];
}

/** Runs a scenario; fast-check's scheduler chooses the order in which running nodes end. */
async function play(scenario: Scenario, order: fc.Scheduler): Promise<Outcome> {
  const { nodes, endings, limits, cancelAfter } = scenario;
  const controller = new AbortController();
  const settled = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  const problems: string[] = [];
  const taken = new Map<string, number>();
  const started = new Set<string>();
  const admitted = new Set<string>();
  const count = (resources: readonly string[], change: number) => {
    for (const name of resources) taken.set(name, (taken.get(name) ?? 0) + change);
  };
  let steps = 0;
  const step = () => {
    if (steps++ === cancelAfter) controller.abort();
  };
  const settle = (id: string, how: string) => settled.get(id)?.push(how);
  const isAdmitted = (id: string) => scenario.asks[Number(id)] !== true || admitted.has(id);
  const succeeded = (id: string) => settled.get(id)?.[0] === 'succeeded';
  const ended = (id: string) => settled.get(id)?.[0] !== undefined;
  const isUnwanted = ({ onlyAfterFailure, follows = [] }: ScheduledNode) =>
    onlyAfterFailure === true && follows.every(succeeded);
  /** When nothing more happens by itself, nothing that could start may wait. */
  const lookForIdleness = () => {
    if (controller.signal.aborted) return;
    for (const node of nodes) {
      const { id, dependsOn, follows = [], resources } = node;
      if (started.has(id) || !dependsOn.every(succeeded) || !isAdmitted(id)) continue;
      if (!follows.every(ended) || isUnwanted(node)) continue;
      const full = resources.some((name) => (taken.get(name) ?? 0) >= (limits.get(name) ?? 0));
      if (!full) problems.push(`${id} could run and does not`);
    }
  };
  const pause = async (what: string) => {
    await new Promise((resolve) => setImmediate(resolve));
    lookForIdleness();
    await order.schedule(Promise.resolve(), what);
  };
  step();
  const done = runSchedule<ScheduledNode>({
    nodes,
    limits,
    signal: controller.signal,
    admit: ({ id }) =>
      scenario.asks[Number(id)] === true
        ? pause(`admission of ${id}`).then(() => void admitted.add(id))
        : null,
    run: async (node) => {
      const { id, resources, dependsOn, follows = [] } = node;
      started.add(id);
      if (!follows.every(ended)) problems.push(`${id} started before the end of ${follows.join()}`);
      if (isUnwanted(node)) problems.push(`${id} started although nothing had failed`);
      if (controller.signal.aborted) problems.push(`${id} started after the cancel`);
      if (!isAdmitted(id)) problems.push(`${id} started before it was admitted`);
      const missing = dependsOn.filter((other) => !succeeded(other));
      if (missing.length > 0) problems.push(`${id} started before ${missing.join()}`);
      count(resources, 1);
      for (const name of resources) {
        if ((taken.get(name) ?? 0) > (limits.get(name) ?? 0)) problems.push(`too many ${name}`);
      }
      await pause(`end of ${id}`);
      const ending = endings[Number(id)] ?? 'succeeded';
      settle(id, ending);
      step();
      if (ending === 'exception') {
        count(resources, -1);
        throw new Error(`exception of ${id}`);
      }
      if (scenario.heldLonger[Number(id)] !== true) {
        count(resources, -1);
        return { result: ending };
      }
      const released = pause(`release of ${id}`).then(() => count(resources, -1));
      return { result: ending, stillHeld: new Map(resources.map((name) => [name, released])) };
    },
    skip: async (node, reason) => {
      const { id, dependsOn } = node;
      if (reason.kind === 'unwanted' && !isUnwanted(node)) {
        problems.push(`${id} was wanted`);
      }
      const blocked = dependsOn.some((other) =>
        (settled.get(other) ?? []).some((how) => how !== 'succeeded'),
      );
      if (reason.kind === 'blocked' && !blocked) problems.push(`${id} skipped without a reason`);
      if (reason.kind === 'stopped' && !controller.signal.aborted) {
        problems.push(`${id} stopped without a cancel`);
      }
      settle(id, 'skipped');
      started.add(id);
      await order.schedule(Promise.resolve(), `skip of ${id}`);
    },
  }).catch((thrown: unknown) => problems.push(...(isScripted(thrown) ? [] : [String(thrown)])));
  await order.waitFor(done);
  return { settled, problems, started: [...started] };
}

function isScripted(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.startsWith('exception of ');
}

describe('runSchedule, for any graph and any interleaving', () => {
  it('settles every node once, after its dependencies, within the limits, and is never idle', async () => {
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
        for (const { id, dependsOn, follows, onlyAfterFailure } of given.nodes) {
          const isGood = (other: string) => results(other) === 'succeeded';
          const isUnwanted = onlyAfterFailure === true && (follows ?? []).every(isGood);
          const ready = dependsOn.every(isGood) && !isUnwanted;
          expect(results(id) === 'skipped').toBe(!ready);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('starts the same nodes in the same order when they end in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const first = await play(given, inOrder());
        expect((await play(given, inOrder())).started).toEqual(first.started);
      }),
      { numRuns: 100 },
    );
  });
});

/** Lets everything end in the order in which it began. */
function inOrder(): fc.Scheduler {
  let last: Promise<unknown> = Promise.resolve();
  const schedule = <T>(task: Promise<T>): Promise<T> => {
    const next = last.then(() => new Promise((resolve) => setImmediate(resolve))).then(() => task);
    last = next;
    return next;
  };
  return { schedule, waitFor: (task: Promise<unknown>) => task } as unknown as fc.Scheduler;
}
