import { join } from 'node:path';
import type { JobPayloadRecord, PreparedPayload } from '@pikaci/model';
import type { EnvironmentMount, FoundMount, JobMount } from '@pikaci/paths';
import type { PlacedMount } from './working-tree/working-tree.js';

/** Says where each mount of a job is, given where its working tree is. */
export function placeMounts(
  mounts: readonly JobMount[],
  workspaceDir: string,
): readonly PlacedMount[] {
  return mounts.map((mount) => ({
    mount,
    path: mount.guestPath ?? join(workspaceDir, mount.workspacePath ?? '.'),
  }));
}

/** The mounts as the job's environment and its command refer to them. */
export function environmentMounts(
  placed: readonly PlacedMount[],
): readonly (EnvironmentMount & FoundMount)[] {
  return placed.map(({ mount, path }) => ({
    payloadId: mount.payloadId,
    name: mount.name,
    path,
    addToPath: mount.addToPath,
  }));
}

/** What the job's record says of its payloads. A process has no devices. */
export function payloadRecords(
  payloads: readonly PreparedPayload[],
  placed: readonly PlacedMount[],
): readonly JobPayloadRecord[] {
  return payloads.map((payload) => ({
    id: payload.payloadId,
    contentKey: payload.contentKey,
    devicePrefix: payload.devicePrefix,
    mounts: placed
      .filter(({ mount }) => mount.payloadId === payload.payloadId)
      .map(({ mount, path }) => ({ name: mount.name, deviceName: null, guestPath: path })),
  }));
}
