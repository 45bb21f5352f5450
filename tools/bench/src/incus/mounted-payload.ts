import { configureIncusDevices } from '@pikaci/incus';
import type { Devices } from '@pikaci/incus-client';
import type { PreparedPayload } from '@pikaci/model';
import { jobMounts } from '@pikaci/paths';
import { createPayloadStore } from '@pikaci/payloads';
import { payloadRequest } from '../children/payload-request.js';
import type { BenchPlace, BenchTree } from '../machine/bench-place.js';
import { valueOf } from '../machine/value-of.js';
import { guestTree } from './job-group.js';

/** A tree, and the payload that it is in the store. */
export interface TreePayload {
  readonly tree: BenchTree;
  readonly payload: PreparedPayload;
}

export async function preparePayload(place: BenchPlace, tree: BenchTree): Promise<TreePayload> {
  const store = createPayloadStore({ stateRoot: place.freshDirectory('state') });
  const snapshot = { dir: tree.dir, hash: '0'.repeat(64), sourceRoot: tree.dir };
  const request = payloadRequest('immutable', snapshot);
  return { tree, payload: valueOf(await store.prepare(request)) };
}

/** The payload as so many payloads of one job: the first is mounted at `guestTree`, the others beside it. */
export function repeated(payload: PreparedPayload, times: number): PreparedPayload[] {
  return Array.from({ length: times }, (_, number) => {
    const guestPath = number === 0 ? guestTree : `${guestTree}-${number}`;
    const mounts = payload.manifest.mounts.map((mount) => ({ ...mount, guestPath }));
    const id = `tree-${number}`;
    const manifest = { ...payload.manifest, mounts };
    return { ...payload, payloadId: id, devicePrefix: id, manifest };
  });
}

/** The devices of a job's instance, as pikaci makes them: the snapshot, and the mounts of the payloads. */
export function jobDevices(snapshotDir: string, payloads: readonly PreparedPayload[]): Devices {
  const mounts = valueOf(jobMounts('bench', payloads));
  const context = {
    workspaceSnapshotDir: snapshotDir,
    stagedPayloadMounts: payloads.map(({ storePath, devicePrefix }) => ({
      localMountPath: storePath,
      devicePrefix,
      mode: 'read-only' as const,
    })),
  };
  const kinds = new Map(mounts.map(({ source }) => [source, 'directory' as const]));
  return valueOf(configureIncusDevices(context, mounts, kinds, 'container'));
}
