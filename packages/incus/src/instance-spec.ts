import type { Devices, InstanceConfig, InstanceSpec } from '@pikaci/incus-client';
import type { IncusRuntimeConfig } from '@pikaci/model';
import { instanceName } from '@pikaci/paths';

/** Keys by which an instance is known as ours: nothing without them is ever stopped or deleted. */
export const ownerKeys = {
  run: 'user.pikaci.run-id',
  job: 'user.pikaci.job-id',
  payload: 'user.pikaci.payload-id',
  stateRoot: 'user.pikaci.state-root',
} as const;

/** What all instances of a run are made from. */
export interface RunInstance {
  readonly runId: string;
  readonly stateRoot: string;
  readonly fingerprint: string;
  readonly devices: Devices;
  readonly config: IncusRuntimeConfig;
}

/** What the instance of a job is made from. */
export interface JobInstance extends RunInstance {
  readonly jobId: string;
}

/** The request that creates the instance of a job. */
export function jobInstanceSpec(instance: JobInstance): InstanceSpec {
  const { runId, jobId } = instance;
  return runInstanceSpec(instance, {
    name: instanceName(runId, jobId),
    description: `pikaci job ${jobId}`,
    marks: { [ownerKeys.job]: jobId },
  });
}

/** A request that creates an instance: unprivileged, not started by the server, and marked as ours. */
export function runInstanceSpec(
  { runId, stateRoot, fingerprint, devices, config }: RunInstance,
  own: { readonly name: string; readonly description: string; readonly marks: InstanceConfig },
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
      [ownerKeys.run]: runId,
      ...own.marks,
      [ownerKeys.stateRoot]: stateRoot,
      ...security(config),
      ...limits(config),
    },
  };
}

function security(config: IncusRuntimeConfig): InstanceConfig {
  if (config.instance === 'virtual-machine') return { 'security.guestapi': 'false' };
  return {
    'security.guestapi': 'false',
    'security.privileged': 'false',
    'security.nesting': 'false',
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
