import { existsSync, readFileSync } from 'node:fs';

const releaseFile = '/etc/os-release';

/**
 * Why there can be no private Incus on this machine; null when there can.
 *
 * @param {{ platform: string, uid: number | undefined, release?: string }} machine
 * @returns {string | null}
 */
export function noLabReason({ platform, uid, release = readRelease() }) {
  if (platform !== 'linux') return 'they need Linux';
  if (!/^ID=debian$/m.test(release) || !/^VERSION_ID="12"$/m.test(release)) {
    return 'they need Debian 12';
  }
  if (uid !== 0) return 'they need root';
  return null;
}

function readRelease() {
  return existsSync(releaseFile) ? readFileSync(releaseFile, 'utf8') : '';
}
