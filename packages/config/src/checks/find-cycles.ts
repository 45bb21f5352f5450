/** What each node points to. Nodes that are pointed to and not in the graph are passed over. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** A cycle, from its first node to the one whose edge leads back to it. */
export interface Cycle {
  readonly nodes: readonly string[];
  /** Index of the edge, among those of the last node, that closes the cycle. */
  readonly closingEdge: number;
}

/** Cycles of a graph: none exactly when it has none, and each edge that closes one is told of once. */
export function findCycles(graph: Graph): readonly Cycle[] {
  const cycles: Cycle[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (node: string): void => {
    trail.push(node);
    for (const [closingEdge, next] of (graph.get(node) ?? []).entries()) {
      const start = trail.indexOf(next);
      if (start >= 0) cycles.push({ nodes: trail.slice(start), closingEdge });
      else if (graph.has(next) && !finished.has(next)) visit(next);
    }
    trail.pop();
    finished.add(node);
  };
  for (const node of graph.keys()) if (!finished.has(node)) visit(node);
  return cycles;
}
