import { lstat, mkdir, readdir, statfs } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, type Outcome } from '@pikaci/model';
import { currentOwner, isOwnerAlive } from '../lock/owner.js';
import { ownerName, ownerOfName } from '../lock/owner-name.js';
import { systemFailure } from '../system-error.js';
import { removeTree } from './remove-tree.js';

/** A directory for what must not reach a disk. */
export interface MemoryDirectory {
  readonly path: string;
  /** False where the machine has no file system in memory that this user may write to. */
  readonly inMemory: boolean;
}

/** Of tmpfs and ramfs, in linux/magic.h. */
const memoryFileSystems = [0x01021994, 0x858458f6];

const namePattern = /^\.pikaci-private-(.+)-[0-9a-f]{8}$/;

/**
 * Makes a directory that only this user can enter, in memory where possible. Those of processes that are gone are
 * removed on this occasion.
 */
export async function createMemoryDirectory(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Outcome<MemoryDirectory>> {
  for (const place of places(environment)) {
    if (!(await isInMemory(place))) continue;
    const made = await createIn(place);
    if (made.ok) return ok({ path: made.value, inMemory: true });
  }
  const made = await createIn(tmpdir());
  return made.ok ? ok({ path: made.value, inMemory: false }) : made;
}

/** Removes the directories that processes left which are gone. Best effort; returns the paths of those that are gone. */
export async function sweepMemoryDirectories(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const parent of [...places(environment), tmpdir()]) removed.push(...(await sweep(parent)));
  return removed;
}

/** Where there may be a file system in memory. */
function places(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return ['/dev/shm', environment['XDG_RUNTIME_DIR'] ?? ''].filter((place) => place !== '');
}

async function isInMemory(place: string): Promise<boolean> {
  const found = await statfs(place).catch(() => null);
  return found !== null && memoryFileSystems.includes(found.type);
}

async function createIn(parent: string): Promise<Outcome<string>> {
  const owner = ownerName(await currentOwner());
  const path = join(parent, `.pikaci-private-${owner}-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(path, { mode: 0o700 });
    await sweep(parent);
    return ok(path);
  } catch (error) {
    return systemFailure(`No private directory could be made in ${parent}`, error, parent);
  }
}

/** Best effort. Anybody may make such names in a place like this: only what belongs to this user is touched. */
async function sweep(parent: string): Promise<readonly string[]> {
  const self = await currentOwner();
  const removed: string[] = [];
  for (const name of await readdir(parent).catch(() => [])) {
    const told = namePattern.exec(name)?.[1];
    const owner = told === undefined ? null : ownerOfName(told, self);
    if (owner === null || (await isOwnerAlive(owner))) continue;
    const path = join(parent, name);
    const found = await lstat(path).catch(() => null);
    if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) continue;
    if ((await removeTree(path)).ok) removed.push(path);
  }
  return removed;
}
