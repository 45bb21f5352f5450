import { ok, type JobExecution, type Outcome } from '@pikaci/model';
import type { IncusConnection } from './incus-connection.js';
import type { IncusProject } from './incus-project.js';
import { jobDevices, type JobDevices } from './job-devices.js';
import { networkMasks } from './network-masks.js';

/** Where the instance of a job is to be. */
export interface DevicesContext extends Pick<IncusConnection, 'client' | 'config' | 'place'> {
  readonly project: IncusProject;
}

/** Snapshot and payloads, and for a job without network what takes away that of the profiles. */
export async function instanceDevices(
  { client, config, place, project }: DevicesContext,
  { job, payloads }: Pick<JobExecution, 'job' | 'payloads'>,
): Promise<Outcome<JobDevices>> {
  const devices = await jobDevices({ job, payloads }, config.instance, project);
  if (!devices.ok || job.network !== 'none') return devices;
  const masks = await networkMasks(client, config.profiles, place);
  if (!masks.ok) return masks;
  return ok({ ...devices.value, devices: { ...devices.value.devices, ...masks.value } });
}
