import type { JobRecord, RunPlan } from '@pikaci/model';
import { isGoodEnd } from './good-end.js';
import type { NodeResult } from './scheduler.js';

/**
 * The nodes of a plan that need not run: those of jobs that have ended, and what is prepared for such jobs alone. Empty
 * for a run that has just begun.
 */
export function settledNodes(
  plan: RunPlan,
  jobs: readonly JobRecord[],
): ReadonlyMap<string, NodeResult> {
  const settled = new Map<string, NodeResult>();
  const ended = jobs.filter((job) => job.status !== 'running');
  if (ended.length === 0) return settled;
  for (const node of plan.nodes) {
    const job = node.kind === 'execute' ? ended.find(({ id }) => id === node.job.id) : undefined;
    if (job !== undefined) settled.set(node.id, isGoodEnd(job) ? 'succeeded' : 'failed');
  }
  const needed = neededNodes(plan, settled);
  for (const { id } of plan.nodes) {
    if (!settled.has(id) && !needed.has(id)) settled.set(id, 'succeeded');
  }
  return settled;
}

/** The jobs that are still to run, and everything that they depend on. */
function neededNodes(plan: RunPlan, settled: ReadonlyMap<string, NodeResult>): Set<string> {
  const dependencies = new Map(plan.nodes.map((node) => [node.id, node.dependsOn]));
  const needed = new Set<string>();
  const need = (id: string) => {
    if (needed.has(id) || settled.has(id)) return;
    needed.add(id);
    for (const other of dependencies.get(id) ?? []) need(other);
  };
  for (const node of plan.nodes) if (node.kind === 'execute') need(node.id);
  return needed;
}
