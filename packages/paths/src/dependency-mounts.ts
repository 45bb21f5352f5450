import { fail, ok, type Outcome, type PreparedPayload } from '@pikaci/model';
import { payloadMounts, type JobMount } from './job-mounts.js';
import { mountOverlaps } from './mount-overlaps.js';

/**
 * All mounts of the payloads that a build depends on, in order of payloads and of mounts.
 *
 * @returns a failure when two mounts cannot both be made, or when two devices would have the same name
 */
export function dependencyMounts(
  payloadId: string,
  dependencies: readonly PreparedPayload[],
): Outcome<readonly JobMount[]> {
  const mounts = dependencies.flatMap((payload) => payloadMounts(payload, payload.storePath));
  const hint = `Let payload "${payloadId}" depend on one of them only, or give one another place.`;
  const conflict = mountOverlaps(mounts)[0];
  if (conflict !== undefined) {
    const message = `The build of payload "${payloadId}" cannot have all its mounts: ${conflict.message}`;
    return fail('config', message, { hint });
  }
  const names = mounts.map((mount) => mount.deviceName);
  const clash = names.find((name, index) => names.indexOf(name) !== index);
  if (clash === undefined) return ok(mounts);
  return fail('config', `Two mounts for payload "${payloadId}" have the device name ${clash}`, {
    hint: 'Give one of the payloads another devicePrefix.',
  });
}
