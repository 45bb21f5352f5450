import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checked } from './checked.test.helper.js';
import { checkCycles } from './cycles.js';
import { findCycles } from './find-cycles.js';

it('shows a cycle of jobs and one of payloads', () => {
  const issues = checked(checkCycles, {
    payloads: {
      p: { kind: 'directory', source: '/p', dependsOn: ['p'] },
    },
    jobs: {
      start: { run: 'x', needs: ['a'] },
      a: { run: 'x', needs: ['b'] },
      b: { run: 'x', needs: ['c'] },
      c: { run: 'x', needs: ['a'] },
    },
  });
  expect(issues).toEqual([
    'jobs.c.needs[0]: jobs wait for each other in a cycle of `needs`: a -> b -> c -> a',
    'payloads.p.dependsOn[0]: payloads wait for each other in a cycle of `dependsOn`: p -> p',
  ]);
});

it('is content with a diamond', () => {
  const issues = checked(checkCycles, {
    jobs: {
      a: { run: 'x', needs: ['b', 'c'] },
      b: { run: 'x', needs: ['d'] },
      c: { run: 'x', needs: ['d'] },
      d: { run: 'x' },
    },
  });
  expect(issues).toEqual([]);
});

describe('findCycles', () => {
  const node = fc.integer({ min: 0, max: 6 }).map(String);
  const edges = fc.array(fc.tuple(node, node), { maxLength: 14 });

  it('finds cycles that are there', () => {
    fc.assert(
      fc.property(edges, (pairs) => {
        const graph = graphOf(pairs);
        for (const { nodes, closingEdge } of findCycles(graph)) {
          nodes.forEach((from, index) => {
            const to = nodes[index + 1] ?? nodes[0];
            expect(graph.get(from)).toContain(to);
          });
          expect(graph.get(nodes.at(-1)!)?.[closingEdge]).toBe(nodes[0]);
        }
      }),
    );
  });

  it('finds none exactly when the nodes can be put in order', () => {
    fc.assert(
      fc.property(edges, (pairs) => {
        expect(findCycles(graphOf(pairs)).length === 0).toBe(canBeOrdered(pairs));
      }),
    );
  });

  function graphOf(pairs: readonly (readonly [string, string])[]) {
    const names = ['0', '1', '2', '3', '4', '5', '6'];
    return new Map(
      names.map((name) => [name, pairs.filter(([from]) => from === name).map(([, to]) => to)]),
    );
  }

  /** Takes away edges to nodes without edges of their own until none are left, or no more can be taken. */
  function canBeOrdered(pairs: readonly (readonly [string, string])[]): boolean {
    const left = pairs.filter(([, to]) => pairs.some(([from]) => from === to));
    return left.length === 0 || (left.length < pairs.length && canBeOrdered(left));
  }
});
