import { ok, type Outcome, type PlanNode } from '@pikaci/model';
import type { PlannedRun } from './active-run.js';
import { guard } from './guard.js';
import { executeJob } from './nodes/execute-job.js';
import { preparePayload } from './nodes/prepare-payload.js';
import { prepareRuntime } from './nodes/prepare-runtime.js';
import { settleLeftovers } from './nodes/settle-leftovers.js';
import { skipNode } from './nodes/skip-node.js';
import { runSchedule, type NodeResult, type ScheduledNode } from './scheduler.js';

interface ScheduledPlanNode extends ScheduledNode {
  readonly node: PlanNode;
}

/** Runs all nodes of a plan: a node waits for its own dependencies and for its limit, and for nothing else. */
export async function schedulePlan(run: PlannedRun): Promise<Outcome<void>> {
  const { config, jobLimit, signal } = run.request;
  const limits = new Map<PlanNode['kind'], number>([
    ['execute', jobLimit],
    ['prepare-payload', config.limits.builds],
  ]);
  const scheduled = await guard('the schedule', async () => {
    await runSchedule<ScheduledPlanNode>({
      nodes: run.plan.nodes.map((node) => ({
        id: node.id,
        dependsOn: node.dependsOn,
        lane: node.kind,
        node,
      })),
      limits,
      signal,
      run: ({ node }) => runNode(run, node),
      skip: ({ node }, reason) => skipNode(run, node, reason),
    });
    return ok(undefined);
  });
  if (!scheduled.ok) await settleLeftovers(run, scheduled.error);
  return scheduled;
}

function runNode(run: PlannedRun, node: PlanNode): Promise<NodeResult> {
  switch (node.kind) {
    case 'prepare-payload':
      return preparePayload(run, node);
    case 'prepare-runtime':
      return prepareRuntime(run, node);
    case 'execute':
      return executeJob(run, node);
    default: {
      const never: never = node;
      return never;
    }
  }
}
