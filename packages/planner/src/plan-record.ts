import {
  runtimeIdSchema,
  type Environment,
  type PlanNode,
  type PlannedService,
  type PlannedServiceRecord,
  type PlanNodeRecord,
  type PlanRecord,
  type RunPlan,
  type RuntimeId,
} from '@pikaci/model';

/** The name under which a payload appears where earlier records had a Nix installable. */
export function installableOf(payloadId: string): string {
  return `payload:${payloadId}`;
}

/** The recorded name of the executor of a runtime. */
export function executorOf(runtime: 'process' | 'incus'): 'host_local' | 'remote_linux_vm' {
  return runtime === 'incus' ? 'remote_linux_vm' : 'host_local';
}

/** Readers of earlier records know the runtime `process` by another name. */
const processRuntime = 'host_process';

/** The runtime of a recorded job; null when this version of pikaci does not know it. */
export function recordedRuntime(recorded: string | null): RuntimeId | null {
  const name = recorded === processRuntime ? 'process' : recorded;
  const known = runtimeIdSchema.safeParse(name);
  return known.success ? known.data : null;
}

/**
 * A plan in the form of `plan.json`. An anonymous one has neither run id nor time, so that equal inputs give equal
 * bytes.
 */
export function planRecord(
  plan: RunPlan,
  options: { readonly anonymous?: boolean } = {},
): PlanRecord {
  const anonymous = options.anonymous ?? false;
  return {
    schemaVersion: 1,
    runId: anonymous ? null : plan.runId,
    targetId: plan.selection.targetId,
    targetDescription: plan.selection.targetDescription,
    createdAt: anonymous ? null : plan.createdAt,
    scope: 'post_host_setup_and_snapshot',
    preconditions: ['host_setup_complete', 'workspace_snapshot_created'],
    snapshotHash: plan.snapshotHash,
    nodes: plan.nodes.map(nodeRecord),
  };
}

function nodeRecord(node: PlanNode): PlanNodeRecord {
  const base = { id: node.id, description: node.description, dependsOn: [...node.dependsOn] };
  switch (node.kind) {
    case 'prepare-payload':
      return {
        kind: 'prepare',
        ...base,
        executor: 'host_local',
        prepare: {
          type: 'nix_build',
          installable: installableOf(node.payloadId),
          outputName: node.payloadId,
          residency: 'local_authoritative',
          handoff: {
            protocol: 'nix_store_path_v1',
            exposures: node.consumers.exposures.map(({ path, access }) => ({
              kind: 'host_symlink_mount',
              path,
              access,
            })),
          },
          payload: {
            id: node.payloadId,
            kind: node.payload.kind,
            devicePrefix: node.devicePrefix,
          },
        },
      };
    case 'prepare-runtime':
      return {
        kind: 'prepare',
        ...base,
        executor: 'host_local',
        prepare: { type: 'remote_linux_vm_backend', backend: node.runtime },
      };
    case 'execute':
      return executeRecord(node, base);
    default: {
      const never: never = node;
      return never;
    }
  }
}

function executeRecord(
  { job }: Extract<PlanNode, { kind: 'execute' }>,
  base: { readonly id: string; readonly description: string; readonly dependsOn: string[] },
): PlanNodeRecord {
  const command = {
    command: job.command,
    timeoutSecs: job.timeoutSeconds,
    writableWorkspace: !job.hostContext.workspaceReadOnly,
  };
  return {
    kind: 'execute',
    ...base,
    executor: executorOf(job.runtime),
    execute:
      job.runtime === 'process'
        ? { type: 'host_command', ...command }
        : { type: 'vm_command', ...command, runAsRoot: (job.user ?? '0').split(':')[0] === '0' },
    runtime: job.runtime === 'process' ? processRuntime : job.runtime,
    placement: job.placement,
    workspaceMode: job.hostContext.workspaceMode,
    user: job.user,
    env: variables(job.env),
    artifacts: [...job.artifacts],
    reports: { junit: [...job.reports.junit] },
    ...(job.services.length === 0 ? {} : { services: job.services.map(serviceRecord) }),
    stagedPayloadMounts: job.hostContext.stagedPayloadMounts.map((mount) => ({ ...mount })),
  };
}

function serviceRecord(service: PlannedService): PlannedServiceRecord {
  return { ...service, env: variables(service.env) };
}

/** In the order of their names. */
function variables(env: Environment): { name: string; value: string }[] {
  return Object.entries(env)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
