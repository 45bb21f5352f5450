import { snapshotMarkerName } from '@pikaci/model';
import { parseSnapshotEntries, snapshotEntriesFile, type SnapshotEntry } from '@pikaci/paths';
import { systemErrorCode } from '@pikaci/host';
import { readFile } from 'node:fs/promises';
import { joinBytes, sortByPath, walkTree, type TreeEntry } from '../tree-walk.js';

/** A file or link of a snapshot. */
export interface SnapshotFile {
  /** Absolute. */
  readonly path: Buffer;
  /** Relative to the snapshot's root. */
  readonly relativePath: Buffer;
  readonly kind: 'file' | 'executable' | 'link';
  /** Id of git's blob, where the snapshot came with a list of its entries; null: the content has to be looked at. */
  readonly object: string | null;
}

const kinds: Readonly<Record<SnapshotEntry['mode'], SnapshotFile['kind']>> = {
  '100644': 'file',
  '100755': 'executable',
  '120000': 'link',
};

/**
 * All files and links of a snapshot, in the order of their paths' bytes. They are read from the list that lies beside
 * the snapshot; only without one, as for a tree made by hand, the tree is walked. Links are not followed.
 */
export async function listSnapshotFiles(snapshotDir: string): Promise<readonly SnapshotFile[]> {
  const root = Buffer.from(snapshotDir);
  const list = await readEntries(snapshotDir);
  if (list === null) return walkSnapshot(snapshotDir);
  return [...parseSnapshotEntries(list)].map(({ path, mode, object }) => {
    return { path: joinBytes(root, path), relativePath: path, kind: kinds[mode], object };
  });
}

async function readEntries(snapshotDir: string): Promise<Buffer | null> {
  try {
    return await readFile(snapshotEntriesFile(snapshotDir));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function walkSnapshot(snapshotDir: string): Promise<readonly SnapshotFile[]> {
  return sortByPath(await walkTree(snapshotDir))
    .filter(({ stats }) => !stats.isDirectory())
    .filter(({ relativePath }) => relativePath.toString('utf8') !== snapshotMarkerName)
    .map((entry) => ({
      path: entry.path,
      relativePath: entry.relativePath,
      kind: kindOf(entry),
      object: null,
    }));
}

function kindOf({ stats }: TreeEntry): SnapshotFile['kind'] {
  if (stats.isSymbolicLink()) return 'link';
  // The owner's bit, as git sees it.
  return (stats.mode & 0o100n) === 0n ? 'file' : 'executable';
}
