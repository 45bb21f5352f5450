import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentOwner, isOwnerAlive } from '../lock/owner.js';
import { ownerName, ownerOfName } from '../lock/owner-name.js';
import { removeTree } from './remove-tree.js';

/**
 * Makes a directory that only this user can enter, in a place that is shared with others, such as that of temporary
 * files. Its owner is in its name, so that what a killed process leaves can be told.
 *
 * @param kind how the name begins
 */
export async function createPrivateDirectory(parent: string, kind: string): Promise<string> {
  const owner = ownerName(await currentOwner());
  const path = join(parent, `${kind}-${owner}-${randomBytes(4).toString('hex')}`);
  await mkdir(path, { mode: 0o700 });
  return path;
}

/**
 * Removes directories that `createPrivateDirectory` made for processes that are gone. Best effort. Anybody may make such
 * names in a place like this: only what belongs to this user is touched.
 *
 * @returns the paths of those that are gone
 */
export async function sweepPrivateDirectories(
  parent: string,
  kind: string,
): Promise<readonly string[]> {
  const self = await currentOwner();
  const removed: string[] = [];
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(`${kind}-`) || !randomEnd.test(name)) continue;
    const owner = ownerOfName(name.slice(kind.length + 1).replace(randomEnd, ''), self);
    if (owner === null || (await isOwnerAlive(owner))) continue;
    const path = join(parent, name);
    const found = await lstat(path).catch(() => null);
    if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) continue;
    if ((await removeTree(path)).ok) removed.push(path);
  }
  return removed;
}

const randomEnd = /-[0-9a-f]{8}$/;

/** How the names of all of pikaci's temporary directories begin. */
const temporaryKind = 'pikaci-tmp';

/** Makes a private directory among the temporary files. */
export function createTemporaryDirectory(): Promise<string> {
  return createPrivateDirectory(tmpdir(), temporaryKind);
}

/** Removes the temporary directories of processes that were killed. Best effort. */
export async function sweepTemporaryDirectories(): Promise<void> {
  await sweepPrivateDirectories(tmpdir(), temporaryKind);
}
