import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { currentOwner, isOwnerAlive, type Owner } from '../lock/owner.js';
import { removeTree } from './remove-tree.js';

/**
 * The owner is in the directory's name, so that there is no moment in which a staging directory has none:
 * process id, start of the process, host, boot, and a random part.
 */
const namePattern = /^\.staging-(\d+)-(\d*)-([0-9a-f]{8})-([0-9a-f]{8})-[0-9a-f]{8}$/;

/** Creates a new, private directory in `parent` for work that is renamed into place when it is done. */
export async function createStagingDirectory(parent: string): Promise<string> {
  const { pid, host, bootId, startTicks } = await currentOwner();
  const machine = `${digest(host)}-${digest(bootId ?? '')}`;
  const name = `.staging-${pid}-${startTicks ?? ''}-${machine}-${randomBytes(4).toString('hex')}`;
  await mkdir(parent, { recursive: true });
  const dir = join(parent, name);
  await mkdir(dir);
  // Whatever the umask: what becomes of it is read by unprivileged guests.
  await chmod(dir, 0o755);
  return dir;
}

/** Removes the staging directories of processes that are gone. Best effort: what stays is tried again next time. */
export async function sweepStagingDirectories(parent: string): Promise<void> {
  const self = await currentOwner();
  for (const name of await readdir(parent).catch(() => [])) {
    const owner = ownerOf(name, self);
    if (owner !== null && !(await isOwnerAlive(owner))) await removeTree(join(parent, name));
  }
}

/** Null for other names, and for owners on other machines, of which nothing can be told. */
function ownerOf(name: string, self: Owner): Owner | null {
  const [, pid, startTicks, host, boot] = namePattern.exec(name) ?? [];
  if (pid === undefined || host !== digest(self.host)) return null;
  return {
    pid: Number(pid),
    host: self.host,
    bootId: boot === digest(self.bootId ?? '') ? self.bootId : 'an earlier boot',
    startTicks: startTicks === '' || startTicks === undefined ? null : startTicks,
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
