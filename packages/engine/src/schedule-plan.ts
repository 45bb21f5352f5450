import { ok, type Outcome, type PikaciConfig, type PlanNode } from '@pikaci/model';
import type { PlannedRun } from './active-run.js';
import { stopRun } from './control/listen-for-stops.js';
import { guard, reached } from './guard.js';
import { enterGroup } from './nodes/enter-group.js';
import { executeJob } from './nodes/execute-job.js';
import { preparePayload } from './nodes/prepare-payload.js';
import { prepareRuntime } from './nodes/prepare-runtime.js';
import { settleLeftovers } from './nodes/settle-leftovers.js';
import { skipNode } from './nodes/skip-node.js';
import { runSchedule, type NodeEnd, type NodeResult, type ScheduledNode } from './scheduler.js';
import { settledNodes } from './settled-nodes.js';

/** What of a machine is limited. */
type Resource = 'jobs' | 'builds' | 'instances';

interface ScheduledPlanNode extends ScheduledNode {
  readonly node: PlanNode;
}

/** Runs all nodes of a plan: a node waits for its own dependencies, its group and its limits, and for nothing else. */
export async function schedulePlan(run: PlannedRun): Promise<Outcome<void>> {
  const scheduled = await guard('the schedule', async () => {
    const planned = await reached('engine.planned');
    if (!planned.ok) return planned;
    await runSchedule<ScheduledPlanNode>({
      nodes: run.plan.nodes.map((node) => scheduledNode(run, node)),
      limits: limitsOf(run.request.config, run.request.jobLimit),
      signal: run.control.signal,
      settled: settledNodes(run.plan, run.state.record.jobs),
      admit: ({ node }) => enterGroup(run, node),
      run: ({ node }) => runNode(run, node),
      skip: ({ node }, reason) => skipNode(run, node, reason),
    });
    return ok(undefined);
  });
  if (!scheduled.ok) await settleLeftovers(run, scheduled.error);
  return scheduled;
}

function limitsOf({ limits }: PikaciConfig, jobs: number): ReadonlyMap<Resource, number> {
  const { builds, instances } = limits;
  return new Map<Resource, number>([
    ['jobs', jobs],
    ['builds', builds],
    ...(instances === undefined ? [] : [['instances', instances] as const]),
  ]);
}

function scheduledNode(run: PlannedRun, node: PlanNode): ScheduledPlanNode {
  const { id, dependsOn } = node;
  const common = { id, dependsOn, resources: resourcesOf(node), node };
  if (node.kind !== 'execute') return common;
  const { signal } = run.control.job(node.job.id);
  const { when } = node.job;
  if (when === 'success') return { ...common, signal };
  const isJob = (other: string) => run.nodes.get(other)?.kind === 'execute';
  return {
    ...common,
    signal,
    dependsOn: dependsOn.filter((other) => !isJob(other)),
    follows: dependsOn.filter(isJob),
    onlyAfterFailure: when === 'failure',
  };
}

function resourcesOf(node: PlanNode): readonly Resource[] {
  switch (node.kind) {
    case 'prepare-payload':
      return node.payload.kind === 'command' && node.payload.runtime === 'incus'
        ? ['builds', 'instances']
        : ['builds'];
    case 'prepare-runtime':
      return [];
    case 'execute':
      // Its own instance, and one for each service.
      return node.job.runtime === 'incus'
        ? ['jobs', 'instances', ...node.job.services.map(() => 'instances' as const)]
        : ['jobs'];
    default: {
      const never: never = node;
      return never;
    }
  }
}

async function runNode(run: PlannedRun, node: PlanNode): Promise<NodeEnd> {
  const end = await workOf(run, node);
  // Before the scheduler knows, so that nothing else starts. A job that somebody cancelled has not failed by itself.
  const own = node.kind === 'execute' ? run.control.job(node.job.id).signal : run.control.signal;
  if (end.result === 'failed' && run.request.failFast && !own.aborted) {
    stopRun(run, { kind: 'fail-fast', failed: nameOf(node) });
  }
  return end;
}

function workOf(run: PlannedRun, node: PlanNode): Promise<NodeEnd> {
  const ended = (work: Promise<NodeResult>) => work.then((result) => ({ result }));
  switch (node.kind) {
    case 'prepare-payload':
      return ended(preparePayload(run, node));
    case 'prepare-runtime':
      return ended(prepareRuntime(run, node));
    case 'execute':
      return executeJob(run, node);
    default: {
      const never: never = node;
      return never;
    }
  }
}

function nameOf(node: PlanNode): string {
  switch (node.kind) {
    case 'prepare-payload':
      return `payload \`${node.payloadId}\``;
    case 'prepare-runtime':
      return `the runtime of job \`${node.jobId}\``;
    case 'execute':
      return `job \`${node.job.id}\``;
    default: {
      const never: never = node;
      return never;
    }
  }
}
