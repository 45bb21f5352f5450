import type { Devices, InstanceConfig, InstanceSpec } from '@pikaci/incus-client';
import type { IncusRuntimeConfig, ProcessOwner, ResourceLimits } from '@pikaci/model';
import { instanceName } from '@pikaci/paths';
import { markConfig, type InstancePurpose } from './marks.js';

/** What all instances of a run are made from. */
export interface RunInstance {
  readonly runId: string;
  readonly stateRoot: string;
  readonly fingerprint: string;
  readonly devices: Devices;
  readonly config: IncusRuntimeConfig;
  readonly owner: ProcessOwner;
}

/** What the instance of an attempt at a job is made from. */
export interface JobInstance extends RunInstance {
  readonly jobId: string;
  readonly attempt: number;
  /** The service of the attempt that it is for, if it is for one. */
  readonly service?: { readonly name: string; readonly instance: string };
  /** Over those of the runtime, each for itself. */
  readonly limits: ResourceLimits;
}

/** The request that creates the instance of a job. */
export function jobInstanceSpec(instance: JobInstance): InstanceSpec {
  const { runId, jobId, attempt, config, service } = instance;
  return runInstanceSpec(
    { ...instance, config: { ...config, limits: { ...config.limits, ...instance.limits } } },
    {
      name: service?.instance ?? instanceName(runId, jobId, attempt),
      description: `pikaci job ${jobId}${service === undefined ? '' : `, service ${service.name}`}`,
      purpose: { jobId, attempt, ...(service === undefined ? {} : { service: service.name }) },
    },
  );
}

/** A request that creates an instance: unprivileged, not started by the server, and marked as ours. */
export function runInstanceSpec(
  { runId, stateRoot, fingerprint, devices, config, owner }: RunInstance,
  own: {
    readonly name: string;
    readonly description: string;
    readonly purpose: InstancePurpose;
  },
): InstanceSpec {
  return {
    name: own.name,
    type: config.instance,
    fingerprint,
    description: own.description,
    profiles: config.profiles,
    devices,
    config: {
      'boot.autostart': 'false',
      'cluster.evacuate': 'stop',
      ...markConfig({ runId, stateRoot, owner, purpose: own.purpose }),
      ...security(config),
      ...limits(config),
    },
  };
}

/**
 * Isolated maps give each container ids that no other one has: a process that breaks out of one is a stranger to the
 * files of all others. Virtual machines have none.
 */
function security(config: IncusRuntimeConfig): InstanceConfig {
  if (config.instance === 'virtual-machine') return { 'security.guestapi': 'false' };
  return {
    'security.guestapi': 'false',
    'security.privileged': 'false',
    'security.nesting': String(config.nesting),
    'security.idmap.isolated': 'true',
  };
}

function limits({
  limits: { cpu, memory, processes },
  instance,
}: IncusRuntimeConfig): InstanceConfig {
  return {
    ...(cpu === undefined ? {} : { 'limits.cpu': String(cpu) }),
    ...(memory === undefined ? {} : { 'limits.memory': memory }),
    // Incus has no such limit for virtual machines.
    ...(processes === undefined || instance === 'virtual-machine'
      ? {}
      : { 'limits.processes': String(processes) }),
  };
}
