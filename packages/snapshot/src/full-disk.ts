import { systemErrorCode } from '@pikaci/host';
import { fail, makeRoomHint } from '@pikaci/model';
import { statfs } from 'node:fs/promises';

/** A disk that is written to, by a directory on it. */
export interface WrittenDisk {
  readonly dir: string;
  /** What to do when it is full. */
  readonly hint: string;
}

/** What is still to be written. */
export interface NeededRoom {
  readonly bytes: number;
  readonly files: number;
}

/** The disk of a state root. */
export function stateRootDisk(stateRoot: string): WrittenDisk {
  return { dir: stateRoot, hint: makeRoomHint };
}

/** The disk of a directory for temporary files. */
export function temporaryDisk(dir: string): WrittenDisk {
  return {
    dir,
    hint: 'Make room there (npx pikaci gc and npx pikaci payload gc, if the state root is on it), or name a directory on another disk with TMPDIR.',
  };
}

/** With less than this the disk is full, whatever git wanted of it: it removes what it could not write whole. */
const leastBytes = 1024 * 1024;
const atLeast: NeededRoom = { bytes: leastBytes, files: 1 };

/** Whether the system said so itself. */
const saysFull = (words: string): boolean =>
  /No space left on device|Disk quota exceeded/.test(words);

/** The failure for an exception of the operating system that says that a disk is full; null for any other. */
export function thrownFullDisk(disk: WrittenDisk, error: unknown): ReturnType<typeof fail> | null {
  const code = systemErrorCode(error);
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return null;
  return diskIsFull(disk, error instanceof Error ? error.message : code);
}

/**
 * The failure of a program that had to write, when a full disk is why; null when none is full. Not every program says why
 * it could not write, so the disks themselves are looked at.
 *
 * @param words what the program said
 */
export async function fullDisk(
  disks: readonly WrittenDisk[],
  words: string,
  needed: NeededRoom = atLeast,
): Promise<ReturnType<typeof fail> | null> {
  const looked = await Promise.all(
    disks.map(async (disk) => ({ disk, lack: await lackOf(disk.dir, needed) })),
  );
  const [worst] = looked.sort((a, b) => (a.lack === b.lack ? 0 : b.lack - a.lack));
  if (worst === undefined || (worst.lack <= 0 && !saysFull(words))) return null;
  return diskIsFull(worst.disk, words);
}

function diskIsFull({ dir, hint }: WrittenDisk, reason: string): ReturnType<typeof fail> {
  const location = { file: dir };
  return fail('infrastructure', `The disk of ${dir} is full`, { location, reason, hint });
}

/** How many bytes are lacking on a disk, or all of them when it takes no more files; negative when there is room. */
async function lackOf(dir: string, needed: NeededRoom): Promise<number> {
  try {
    const { bavail, bsize, files, ffree } = await statfs(dir);
    // Some file systems make room for files as they come, and tell of none.
    if (files > 0 && ffree < needed.files) return Infinity;
    return Math.max(needed.bytes, leastBytes) - bavail * bsize;
  } catch {
    return -Infinity;
  }
}
