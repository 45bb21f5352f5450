import { createHash } from 'node:crypto';

/**
 * Longest device name that is used as it is. Names up to 25 characters keep their mount tag readable in every Incus
 * release and device type; the limit of earlier records is 20.
 */
const longestPlainName = 20;

/** Lower case, with a dash for everything that is not a letter or digit, and none at the ends. */
function sanitise(part: string): string {
  const dashed = part.toLowerCase().replace(/[^a-z0-9]/g, '-');
  return dashed.replace(/^-+|-+$/g, '') || 'x';
}

/**
 * The name of the disk device for one mount of a payload: `pk-<prefix>-<mount>`, or, when that is too long,
 * `pk-<first 8 of the prefix>-<8 hex digits of the long name's sha256>`.
 */
export function deviceName(devicePrefix: string, mountName: string): string {
  const prefix = sanitise(devicePrefix);
  const long = `pk-${prefix}-${sanitise(mountName)}`;
  if (long.length <= longestPlainName) return long;
  const digest = createHash('sha256').update(long).digest('hex').slice(0, 8);
  return `pk-${prefix.slice(0, 8)}-${digest}`;
}

/** The device that carries the snapshot. No payload's device can have this name: theirs have three parts. */
export const snapshotDeviceName = 'pk-snapshot';
