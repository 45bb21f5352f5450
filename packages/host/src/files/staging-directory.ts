import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { currentOwner, isOwnerAlive, type Owner } from '../lock/owner.js';
import { ownerName, ownerOfName } from '../lock/owner-name.js';
import { removeTree } from './remove-tree.js';

/** The owner is in the directory's name, and a random part behind it. */
const namePattern = /^\.staging-(.+)-[0-9a-f]{8}$/;

/** Creates a new, private directory in `parent` for work that is renamed into place when it is done. */
export async function createStagingDirectory(parent: string): Promise<string> {
  const name = `.staging-${ownerName(await currentOwner())}-${randomBytes(4).toString('hex')}`;
  await mkdir(parent, { recursive: true });
  const dir = join(parent, name);
  await mkdir(dir);
  // Whatever the umask: what becomes of it is read by unprivileged guests.
  await chmod(dir, 0o755);
  return dir;
}

/** Absolute paths of the staging directories in `parent` whose processes are gone. */
export async function findDeadStagingDirectories(parent: string): Promise<readonly string[]> {
  const self = await currentOwner();
  const dead: string[] = [];
  for (const name of await readdir(parent).catch(() => [])) {
    const owner = stagingOwner(name, self);
    if (owner !== null && !(await isOwnerAlive(owner))) dead.push(join(parent, name));
  }
  return dead;
}

/** Removes the staging directories of processes that are gone. Best effort: what stays is tried again next time. */
export async function sweepStagingDirectories(parent: string): Promise<void> {
  for (const dir of await findDeadStagingDirectories(parent)) await removeTree(dir);
}

function stagingOwner(name: string, self: Owner): Owner | null {
  const owner = namePattern.exec(name)?.[1];
  return owner === undefined ? null : ownerOfName(owner, self);
}
