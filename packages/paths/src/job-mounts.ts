import { fail, ok, type Outcome, type PayloadMode, type PreparedPayload } from '@pikaci/model';
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
  /** `overlay`: the job may write to it, into a layer of its own. */
  readonly mode: PayloadMode;
  /** Root of the payload on the host that holds it. */
  readonly sourceRoot: string;
  /** What is mounted, below `sourceRoot`. */
  readonly source: string;
  readonly guestPath: string | null;
  readonly workspacePath: string | null;
  /** Where a runtime with devices attaches it: the guest path, or a place from which it is mounted at its own. */
  readonly attachPath: string;
  /** Directories of the mount, relative to it, that belong on the PATH. */
  readonly addToPath: readonly string[];
}

/** What one job says of a payload. */
export interface PayloadOfMounts {
  readonly devicePrefix: string;
  readonly mode?: PayloadMode;
  /** Where the payload's root is on the job's host; by default its place in the local store. */
  readonly sourceRoot?: string;
}

/**
 * All mounts of a job: those that the manifests of its payloads declare, in order of payloads and of mounts.
 *
 * @param staged what the job says of its payloads, by device prefix; by default it only reads from them
 * @returns a failure when two mounts cannot both be made, or when two devices would have the same name
 */
export function jobMounts(
  jobId: string,
  payloads: readonly PreparedPayload[],
  staged: readonly PayloadOfMounts[] = [],
): Outcome<readonly JobMount[]> {
  const mounts = payloads.flatMap((payload) => {
    const { mode, sourceRoot = payload.storePath } =
      staged.find((one) => one.devicePrefix === payload.devicePrefix) ?? {};
    return payloadMounts(payload, sourceRoot, mode);
  });
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
export function payloadMounts(
  payload: PreparedPayload,
  sourceRoot: string,
  mode: PayloadMode = 'read-only',
): JobMount[] {
  return payload.manifest.mounts.map((mount) => {
    const attachedAside = posix.join(guestLayout.payloads, payload.payloadId, mount.name);
    return {
      payloadId: payload.payloadId,
      devicePrefix: payload.devicePrefix,
      name: mount.name,
      deviceName: deviceName(payload.devicePrefix, mount.name),
      mode,
      sourceRoot,
      source: join(sourceRoot, mount.relativePath),
      guestPath: mount.guestPath,
      workspacePath: mount.workspacePath,
      attachPath: mode === 'overlay' ? attachedAside : (mount.guestPath ?? attachedAside),
      addToPath: mount.addToPath,
    };
  });
}

function firstNameClash(mounts: readonly JobMount[]): string | null {
  const seen = new Set<string>();
  for (const mount of mounts) {
    if (seen.has(mount.deviceName)) return mount.deviceName;
    seen.add(mount.deviceName);
  }
  return null;
}
