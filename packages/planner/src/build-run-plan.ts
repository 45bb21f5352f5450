import {
  fail,
  ok,
  type ExecuteNode,
  type HostContext,
  type Outcome,
  type PikaciConfig,
  type PlanNode,
  type PrepareRuntimeNode,
  type RunPlan,
  type RuntimeId,
  type Selection,
  type Snapshot,
} from '@pikaci/model';
import type { RunLayout } from '@pikaci/paths';
import { entrypointProblem } from './entrypoint-problem.js';
import { executeNode } from './execute-node.js';
import { hostContext, payloadsOfJob } from './host-context.js';
import { nodeIds } from './node-ids.js';
import { devicePrefixOf, ensurePayloadNode, type PayloadNodes } from './payload-nodes.js';
import { serviceProblem } from './service-problem.js';
import { addStagedMountConsumer } from './staged-mount-consumer.js';

/** Everything a plan depends on: equal inputs give equal plans. */
export interface PlanInput {
  readonly config: PikaciConfig;
  readonly selection: Selection;
  readonly snapshot: Pick<Snapshot, 'dir' | 'hash' | 'sourceRoot'>;
  readonly layout: RunLayout;
  readonly runId: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Runs every job on this runtime, whatever the configuration says. */
  readonly runtime?: RuntimeId;
}

/**
 * The graph of a run: one prepare node for each payload, shared by all jobs that need it, one for the runtime where
 * that wants to be asked first, and one execute node for each job. Pure; nothing is read or written.
 */
export function buildRunPlan(input: PlanInput): Outcome<RunPlan> {
  const payloads: PayloadNodes = new Map();
  const runtimes: PrepareRuntimeNode[] = [];
  const executes: ExecuteNode[] = [];
  for (const jobId of input.selection.jobIds) {
    const planned = planJob(input, jobId, payloads);
    if (!planned.ok) return planned;
    if (planned.value.runtime !== null) runtimes.push(planned.value.runtime);
    executes.push(planned.value.execute);
  }
  const nodes: PlanNode[] = [...payloads.values(), ...runtimes, ...executes];
  const twice = firstDuplicate(nodes.map((node) => node.id));
  if (twice !== null) {
    return fail('config', `Two nodes of the plan have the id "${twice}"`, {
      hint: 'Rename the payload or the job.',
    });
  }
  return ok({
    runId: input.runId,
    createdAt: input.createdAt,
    selection: input.selection,
    snapshotHash: input.snapshot.hash,
    nodes,
  });
}

interface JobNodes {
  readonly runtime: PrepareRuntimeNode | null;
  readonly execute: ExecuteNode;
}

function planJob(input: PlanInput, jobId: string, payloads: PayloadNodes): Outcome<JobNodes> {
  const { config, layout, snapshot } = input;
  const job = Object.hasOwn(config.jobs, jobId) ? config.jobs[jobId] : undefined;
  if (job === undefined) return fail('selection', `There is no job "${jobId}"`);
  const runtime = input.runtime ?? job.runtime ?? config.defaults.runtime;
  if (runtime === 'process' && job.user !== undefined) {
    return fail('config', `Job "${jobId}" asks for user ${job.user} on the process runtime`, {
      hint: 'Plain processes run as the user who runs pikaci: drop user, or use the incus runtime.',
    });
  }
  const served = serviceProblem(config, jobId, job, runtime);
  if (!served.ok) return served;
  const context = hostContext({ config, jobId, job, runtime, layout, snapshot });
  if (!context.ok) return context;
  const payloadIds = payloadsOfJob(job, runtime).map(({ payloadId }) => payloadId);
  const referred = entrypointProblem(jobId, job, runtime, payloadIds);
  if (!referred.ok) return referred;
  for (const payloadId of payloadIds) {
    const registered = registerConsumer(payloads, config, payloadId, jobId, context.value);
    if (!registered.ok) return registered;
  }
  const runtimeNode = prepareRuntimeNode(jobId, runtime);
  const reused = new Set(input.selection.reused.map((result) => result.jobId));
  return ok({
    runtime: runtimeNode,
    execute: executeNode(config, jobId, job, runtime, context.value, [
      ...payloadIds.map((id) => nodeIds.payload(id)),
      ...(runtimeNode === null ? [] : [runtimeNode.id]),
      ...job.needs.filter((id) => !reused.has(id)).map((id) => nodeIds.execute(id)),
    ]),
  });
}

function registerConsumer(
  payloads: PayloadNodes,
  config: PikaciConfig,
  payloadId: string,
  jobId: string,
  context: HostContext,
): Outcome<void> {
  const made = ensurePayloadNode(payloads, config, payloadId);
  if (!made.ok) return made;
  const node = payloads.get(payloadId);
  const payload = config.payloads[payloadId];
  if (node === undefined || payload === undefined) return ok(undefined);
  const prefix = devicePrefixOf(payloadId, payload);
  const registered = addStagedMountConsumer(node, context, prefix, jobId);
  if (!registered.ok) return registered;
  payloads.set(payloadId, registered.value);
  return ok(undefined);
}

/** Plain processes need no preparation; an instance needs a server and an image. */
function prepareRuntimeNode(jobId: string, runtime: RuntimeId): PrepareRuntimeNode | null {
  if (runtime === 'process') return null;
  return {
    kind: 'prepare-runtime',
    id: nodeIds.runtime(jobId),
    description: `Prepare runtime ${runtime} for job ${jobId}`,
    dependsOn: [],
    jobId,
    runtime,
  };
}

function firstDuplicate(ids: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) return id;
    seen.add(id);
  }
  return null;
}
