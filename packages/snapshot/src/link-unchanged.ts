import { isUnchanged, pairSnapshotEntries, type SnapshotEntry } from '@pikaci/paths';
import { chmodSync, linkSync, mkdirSync } from 'node:fs';
import type { NearSnapshot } from './nearest-snapshot.js';

const slash = Buffer.from('/');
const slashCode = 0x2f;

/** After so many links, whatever else waits for the process gets its turn. */
const linksAtATime = 200;

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
  entries: Buffer,
  treeDir: string,
): Promise<readonly SnapshotEntry[]> {
  const source = Buffer.from(near.treeDir);
  const target = Buffer.from(treeDir);
  const lacking: SnapshotEntry[] = [];
  const makeDirectory = directoryMaker(target);
  let links = 0;
  for (const pair of pairSnapshotEntries(near.entries, entries)) {
    if (pair.after === null) continue;
    const { path, mode } = pair.after;
    // Where a link to a link leads is up to the system.
    if (!isUnchanged(pair) || mode === '120000') {
      lacking.push(pair.after);
      continue;
    }
    makeDirectory(parentOf(path));
    if (!linked(join(source, path), join(target, path))) lacking.push(pair.after);
    links += 1;
    if (links % linksAtATime === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return lacking;
}

function parentOf(path: Buffer): Buffer {
  return path.subarray(0, Math.max(0, path.lastIndexOf(slashCode)));
}

/** Makes directories below a root, each once, that everyone can read, whatever the umask. */
function directoryMaker(root: Buffer): (path: Buffer) => void {
  const made = new Set(['']);
  const make = (path: Buffer): void => {
    const name = path.toString('latin1');
    if (made.has(name)) return;
    make(parentOf(path));
    mkdirSync(join(root, path));
    chmodSync(join(root, path), 0o755);
    made.add(name);
  };
  return make;
}

function join(dir: Buffer, path: Buffer): Buffer {
  return Buffer.concat([dir, slash, path]);
}

function linked(source: Buffer, target: Buffer): boolean {
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
