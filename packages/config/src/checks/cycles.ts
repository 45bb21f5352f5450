import type { ConfigCheck, ConfigIssue } from '../config-issue.js';
import { findCycles, type Graph } from './find-cycles.js';

/** Nothing waits for itself: no cycles in the `needs` of jobs and the `dependsOn` of payloads. */
export const checkCycles: ConfigCheck = (config) => [
  ...cycleIssues(
    'jobs',
    'needs',
    graphOf(config.jobs, (job) => job.needs),
  ),
  ...cycleIssues(
    'payloads',
    'dependsOn',
    graphOf(config.payloads, (payload) => payload.dependsOn),
  ),
];

function graphOf<T>(
  things: Readonly<Record<string, T>>,
  edges: (thing: T) => readonly string[],
): Graph {
  return new Map(Object.entries(things).map(([id, thing]) => [id, edges(thing)]));
}

function cycleIssues(collection: 'jobs' | 'payloads', key: string, graph: Graph): ConfigIssue[] {
  return findCycles(graph).map(({ nodes, closingEdge }) => {
    const last = nodes.at(-1) ?? '';
    return {
      message: `${collection} wait for each other in a cycle of \`${key}\`: ${[...nodes, nodes[0] ?? ''].join(' -> ')}`,
      path: [collection, last, key, closingEdge],
      part: 'value',
      hint: `Take one of these out of \`${key}\`.`,
    };
  });
}
