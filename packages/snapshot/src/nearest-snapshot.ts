import {
  compareEntryLists,
  snapshotEntriesFile,
  snapshotLayout,
  snapshotsDirectory,
  type EntryRecord,
} from '@pikaci/paths';
import { readdir, readFile, stat } from 'node:fs/promises';
import { readSnapshotMarker } from './snapshot-marker.js';

/** An earlier snapshot that shares files with a new one. */
export interface NearSnapshot {
  readonly treeDir: string;
  /** As `parseSnapshotEntries` reads it. */
  readonly entries: Buffer;
  /** The same of the new one. */
  readonly newEntries: Buffer;
}

/** How many of the latest snapshots are compared. Most often the very last one is the nearest. */
const mostCandidates = 3;

/**
 * The snapshot of the same workspace that has the most unchanged entries, among the latest few; null when none has any,
 * or when an attribute file differs: git may then write other bytes for a file whose content in git is the same.
 */
export async function findNearestSnapshot(
  stateRoot: string,
  sourceRoot: string,
  newEntriesFile: string,
): Promise<NearSnapshot | null> {
  let nearest: NearSnapshot | null = null;
  let most = 0;
  const latest = await latestSnapshots(stateRoot, sourceRoot);
  // A long list, which the first snapshot has no use for.
  if (latest.length === 0) return null;
  const newEntries = await readFile(newEntriesFile);
  for (const treeDir of latest) {
    const candidate = await readEntries(treeDir);
    if (candidate === null) continue;
    const shared = countShared(candidate, newEntries);
    if (shared <= most) continue;
    most = shared;
    nearest = { treeDir, entries: candidate, newEntries };
  }
  return nearest;
}

async function latestSnapshots(stateRoot: string, sourceRoot: string): Promise<readonly string[]> {
  const names = await readdir(snapshotsDirectory(stateRoot));
  const dated = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (name) => {
        const { dir, treeDir } = snapshotLayout(stateRoot, name);
        return { treeDir, madeMs: (await stat(dir).catch(() => null))?.mtimeMs ?? 0 };
      }),
  );
  dated.sort((a, b) => b.madeMs - a.madeMs);
  const latest: string[] = [];
  for (const { treeDir } of dated.slice(0, 4 * mostCandidates)) {
    const marker = await readSnapshotMarker(treeDir);
    if (marker?.sourceRoot === sourceRoot) latest.push(treeDir);
    if (latest.length === mostCandidates) break;
  }
  return latest;
}

async function readEntries(treeDir: string): Promise<Buffer | null> {
  return readFile(snapshotEntriesFile(treeDir)).catch(() => null);
}

/** Zero when the lists cannot be compared, or an attribute file differs. */
function countShared(before: Buffer, after: Buffer): number {
  const counts = { shared: 0, attributes: 0 };
  try {
    compareEntryLists(before, after, {
      same: () => (counts.shared += 1),
      different: (record) => {
        if (isAttributesFile(record)) counts.attributes += 1;
      },
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return 0;
  }
  return counts.attributes > 0 ? 0 : counts.shared;
}

const attributesName = Buffer.from('.gitattributes');

function isAttributesFile({ list, pathStart, end }: EntryRecord): boolean {
  const path = list.subarray(pathStart, end);
  return path.subarray(path.lastIndexOf('/') + 1).equals(attributesName);
}
