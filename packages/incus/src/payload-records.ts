import type { JobExecution, JobPayloadRecord } from '@pikaci/model';
import type { JobMount } from '@pikaci/paths';
import { mountPlace } from './prepare-guest.js';

/** The payloads of a job as its record has them; `mounts` is empty when the job did not get that far. */
export function payloadRecords(
  { payloads, job }: Pick<JobExecution, 'payloads' | 'job'>,
  mounts: readonly JobMount[],
): readonly JobPayloadRecord[] {
  const mode = job.hostContext.workspaceMode;
  return payloads.map((payload) => ({
    id: payload.payloadId,
    contentKey: payload.contentKey,
    devicePrefix: payload.devicePrefix,
    mounts: mounts
      .filter((mount) => mount.devicePrefix === payload.devicePrefix)
      .map((mount) => ({
        name: mount.name,
        deviceName: mount.deviceName,
        guestPath: mountPlace(mount, mode),
      })),
  }));
}
