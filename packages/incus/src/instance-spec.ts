import type { Devices, InstanceConfig, InstanceSpec } from '@pikaci/incus-client';
import type { IncusRuntimeConfig } from '@pikaci/model';
import { instanceName } from '@pikaci/paths';

/** Keys by which an instance is known as ours: nothing without them is ever stopped or deleted. */
export const ownerKeys = {
  run: 'user.pikaci.run-id',
  job: 'user.pikaci.job-id',
  stateRoot: 'user.pikaci.state-root',
} as const;

/** What the instance of a job is made from. */
export interface JobInstance {
  readonly runId: string;
  readonly jobId: string;
  readonly stateRoot: string;
  readonly fingerprint: string;
  readonly devices: Devices;
  readonly config: IncusRuntimeConfig;
}

/** The request that creates the instance of a job: unprivileged, not started by the server, and marked as ours. */
export function jobInstanceSpec(instance: JobInstance): InstanceSpec {
  const { config } = instance;
  return {
    name: instanceName(instance.runId, instance.jobId),
    type: config.instance,
    fingerprint: instance.fingerprint,
    description: `pikaci job ${instance.jobId}`,
    profiles: config.profiles,
    devices: instance.devices,
    config: {
      'boot.autostart': 'false',
      'cluster.evacuate': 'stop',
      [ownerKeys.run]: instance.runId,
      [ownerKeys.job]: instance.jobId,
      [ownerKeys.stateRoot]: instance.stateRoot,
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
