import {
  compareEntryLists,
  parseSnapshotEntries,
  type EntryRecord,
  type SnapshotEntry,
} from '@pikaci/paths';
import { chmodSync, linkSync, lstatSync, mkdirSync } from 'node:fs';
import type { NearSnapshot } from './nearest-snapshot.js';

/** After so many links, whatever else waits for the process gets its turn. */
const linksAtATime = 500;

/**
 * Gives a new tree those files of an earlier snapshot that it has unchanged: each gets a second name. Both trees are
 * never written to, and jobs get them read-only or as the lower layer of an overlay, so that they can share files; what
 * is copied for jobs is copied by content. Calls that do not wait are several times faster here than those that do.
 *
 * @returns the entries that the new tree lacks still: changed ones, and those that could not be linked, because the
 * earlier tree has lost them or because a file has as many names as the file system allows
 */
export async function linkUnchanged(
  near: NearSnapshot,
  treeDir: string,
): Promise<readonly SnapshotEntry[]> {
  const same: EntryRecord[] = [];
  const lacking: EntryRecord[] = [];
  compareEntryLists(near.entries, near.newEntries, {
    // Where a link to a link leads is up to the system.
    same: (record) => (isLink(record) ? lacking : same).push(record),
    different: (record, list) => {
      if (list === 'after') lacking.push(record);
    },
  });
  const link = linker(near.treeDir, treeDir);
  for (const [index, record] of same.entries()) {
    if (!link(record)) lacking.push(record);
    if (index % linksAtATime === linksAtATime - 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return lacking.flatMap(({ start, end }) => [
    ...parseSnapshotEntries(near.newEntries.subarray(start, end + 1)),
  ]);
}

/** Of modes, only that of a link begins with 12. */
function isLink({ list, start }: EntryRecord): boolean {
  return list[start + 1] === 0x32;
}

/** Makes links below one directory to files below another one; true when there is one then. */
function linker(sourceDir: string, targetDir: string): (record: EntryRecord) => boolean {
  const source = `${sourceDir}/`;
  const target = `${targetDir}/`;
  const makeDirectory = directoryMaker(target);
  return ({ list, pathStart, end }) => {
    const path = list.toString('latin1', pathStart, end);
    makeDirectory(parentOf(path));
    return linked(fileName(source, path), fileName(target, path));
  };
}

/** A path whose characters stand for bytes, as system calls take it; a text is faster, where it says the same. */
function fileName(dir: string, path: string): string | Buffer {
  return ascii.test(path)
    ? dir + path
    : Buffer.concat([Buffer.from(dir), Buffer.from(path, 'latin1')]);
}

const ascii = /^[\0-\x7f]*$/;

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

const modeForAll = 0o755;

/** Makes directories below a root, each once, that everyone can read, whatever the umask. */
function directoryMaker(root: string): (path: string) => void {
  const made = new Set(['']);
  let needsMode: boolean | null = null;
  const make = (path: string): void => {
    if (made.has(path)) return;
    make(parentOf(path));
    const dir = fileName(root, path);
    mkdirSync(dir, modeForAll);
    // The first one tells whether the umask takes anything away.
    needsMode ??= (lstatSync(dir).mode & 0o777) !== modeForAll;
    if (needsMode) chmodSync(dir, modeForAll);
    made.add(path);
  };
  return make;
}

function linked(source: string | Buffer, target: string | Buffer): boolean {
  try {
    linkSync(source, target);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && recoverable.has(code)) return false;
    throw error;
  }
}

/** Then git writes the file. EPERM: the system lets nobody link files of others, or the file system has no hard links. */
const recoverable = new Set([
  'ENOENT',
  'EMLINK',
  'EXDEV',
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOTDIR',
]);
