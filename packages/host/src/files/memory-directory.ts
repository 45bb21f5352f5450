import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { ok, type Outcome } from '@pikaci/model';
import { systemFailure } from '../system-error.js';
import { createPrivateDirectory, sweepPrivateDirectories } from './private-directory.js';

/** A directory for what must not reach a disk. */
export interface MemoryDirectory {
  readonly path: string;
  /** False where the machine has no file system in memory that this user may write to. */
  readonly inMemory: boolean;
}

/** Of tmpfs and ramfs, in linux/magic.h. */
const memoryFileSystems = [0x01021994, 0x858458f6];

const kind = '.pikaci-private';

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
  for (const parent of [...places(environment), tmpdir()]) {
    removed.push(...(await sweepPrivateDirectories(parent, kind)));
  }
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
  try {
    const path = await createPrivateDirectory(parent, kind);
    await sweepPrivateDirectories(parent, kind);
    return ok(path);
  } catch (error) {
    return systemFailure(`No private directory could be made in ${parent}`, error, parent);
  }
}
