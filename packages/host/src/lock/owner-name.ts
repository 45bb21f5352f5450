import { createHash } from 'node:crypto';
import type { Owner } from './owner.js';

const namePattern = /^(\d+)-(\d*)-([0-9a-f]{8})-([0-9a-f]{8})$/;

/**
 * An owner as part of a file's name, so that there is no moment in which the file has none: process id, start of the
 * process, host and boot.
 */
export function ownerName({ pid, host, bootId, startTicks }: Owner): string {
  return `${pid}-${startTicks ?? ''}-${digest(host)}-${digest(bootId ?? '')}`;
}

/**
 * The owner that a name tells. The host of one on another machine is told by its digest, which is the name of no host,
 * so that it counts as alive.
 *
 * @param self the process that asks
 * @returns null for names that tell no owner
 */
export function ownerOfName(name: string, self: Owner): Owner | null {
  const [, pid, startTicks, host, boot] = namePattern.exec(name) ?? [];
  if (pid === undefined || host === undefined) return null;
  return {
    pid: Number(pid),
    host: host === digest(self.host) ? self.host : `host:${host}`,
    bootId: boot === digest(self.bootId ?? '') ? self.bootId : 'an earlier boot',
    startTicks: startTicks === '' || startTicks === undefined ? null : startTicks,
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
