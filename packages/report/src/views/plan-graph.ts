import type { PlanNode, RunPlan } from '@pikaci/model';

/** Languages in which a plan can be drawn. */
export const graphLanguages = ['mermaid', 'dot'] as const;
export type GraphLanguage = (typeof graphLanguages)[number];

/**
 * A plan as a graph, for GitHub, GitLab and other readers of Mermaid, or for Graphviz: what is prepared in round shapes,
 * jobs in boxes, an arrow from each to what waits for it. Equal plans give equal text.
 */
export function formatPlanGraph(plan: RunPlan, language: GraphLanguage): string {
  const names = new Map(plan.nodes.map((node, index) => [node.id, `n${index}`]));
  const arrows = plan.nodes.flatMap((node) =>
    node.dependsOn.map((before) => [names.get(before) ?? before, names.get(node.id) ?? node.id]),
  );
  const nodes = plan.nodes.map((node, index) => ({ name: `n${index}`, node }));
  return language === 'mermaid' ? mermaid(nodes, arrows) : dot(nodes, arrows);
}

interface DrawnNode {
  readonly name: string;
  readonly node: PlanNode;
}

type Arrows = readonly (readonly string[])[];

function mermaid(nodes: readonly DrawnNode[], arrows: Arrows): string {
  return [
    'flowchart LR',
    ...nodes.map(({ name, node }) => {
      const label = `"${labelOf(node)}"`;
      return `  ${name}${node.kind === 'execute' ? `[${label}]` : `([${label}])`}`;
    }),
    ...arrows.map(([before, after]) => `  ${before} --> ${after}`),
  ].join('\n');
}

function dot(nodes: readonly DrawnNode[], arrows: Arrows): string {
  return [
    'digraph plan {',
    '  rankdir=LR;',
    ...nodes.map(({ name, node }) => {
      const shape = node.kind === 'execute' ? 'box' : 'ellipse';
      return `  ${name} [label="${labelOf(node)}", shape=${shape}];`;
    }),
    ...arrows.map(([before, after]) => `  ${before} -> ${after};`),
    '}',
  ].join('\n');
}

/** Ids of letters, digits, `-`, `_` and `.` only: nothing in them means anything in either language. */
function labelOf(node: PlanNode): string {
  switch (node.kind) {
    case 'prepare-payload':
      return `payload ${node.payloadId}`;
    case 'prepare-runtime':
      return `${node.runtime} for ${node.jobId}`;
    case 'execute':
      return node.job.id;
    default: {
      const never: never = node;
      return never;
    }
  }
}
