import { fail, ok, type Outcome, type PreparedPayload } from '@pikaci/model';
import { join, posix } from 'node:path';
import { deviceName } from './device-name.js';
import { guestLayout } from './guest-layout.js';
import { mountOverlaps } from './mount-overlaps.js';

/** One mount of one payload, as one job gets it. */
export interface JobMount {
  readonly payloadId: string;
  readonly devicePrefix: string;
  readonly name: string;
  readonly deviceName: string;
  /** Root of the payload on the host that holds it. */
  readonly sourceRoot: string;
  /** What is mounted, below `sourceRoot`. */
  readonly source: string;
  readonly guestPath: string | null;
  readonly workspacePath: string | null;
  /** Where a runtime with devices attaches it: the guest path, or a place from which it is bound into the tree. */
  readonly attachPath: string;
  /** Directories of the mount, relative to it, that belong on the PATH. */
  readonly addToPath: readonly string[];
}

/**
 * All mounts of a job: those that the manifests of its payloads declare, in order of payloads and of mounts.
 *
 * @param sourceRoots where each payload's root is on the job's host; by default its place in the local store
 * @returns a failure when two mounts cannot both be made, or when two devices would have the same name
 */
export function jobMounts(
  jobId: string,
  payloads: readonly PreparedPayload[],
  sourceRoots: readonly string[] = payloads.map((payload) => payload.storePath),
): Outcome<readonly JobMount[]> {
  const mounts = payloads.flatMap((payload, index) =>
    payloadMounts(payload, sourceRoots[index] ?? payload.storePath),
  );
  const conflict = mountOverlaps(mounts)[0];
  if (conflict !== undefined) {
    return fail('config', `Job "${jobId}" cannot have all its mounts: ${conflict.message}`, {
      hint: 'Give one of the mounts another path, or take one of the payloads out of the job.',
    });
  }
  const clash = firstNameClash(mounts);
  if (clash !== null) {
    return fail('config', `Two mounts of job "${jobId}" have the device name ${clash}`, {
      hint: 'Give one of the payloads another devicePrefix.',
    });
  }
  return ok(mounts);
}

/** The mounts that the manifest of one payload declares, in order. */
export function payloadMounts(payload: PreparedPayload, sourceRoot: string): JobMount[] {
  return payload.manifest.mounts.map((mount) => ({
    payloadId: payload.payloadId,
    devicePrefix: payload.devicePrefix,
    name: mount.name,
    deviceName: deviceName(payload.devicePrefix, mount.name),
    sourceRoot,
    source: join(sourceRoot, mount.relativePath),
    guestPath: mount.guestPath,
    workspacePath: mount.workspacePath,
    attachPath: mount.guestPath ?? posix.join(guestLayout.payloads, payload.payloadId, mount.name),
    addToPath: mount.addToPath,
  }));
}

function firstNameClash(mounts: readonly JobMount[]): string | null {
  const seen = new Set<string>();
  for (const mount of mounts) {
    if (seen.has(mount.deviceName)) return mount.deviceName;
    seen.add(mount.deviceName);
  }
  return null;
}
