import {
  snapshotEntriesFile,
  snapshotLayout,
  snapshotsDirectory,
  type EntryRecord,
} from '@pikaci/paths';
import { readdir, readFile, stat } from 'node:fs/promises';
import { differenceOf, type EntryDifference } from './entry-difference.js';
import { readSnapshotMarker } from './snapshot-marker.js';

/** An earlier snapshot that shares files with a new one. */
export interface NearSnapshot {
  readonly hash: string;
  readonly treeDir: string;
  /** From its entries to those of the new one. */
  readonly difference: EntryDifference;
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
  const latest = await latestSnapshots(stateRoot, sourceRoot);
  // A long list, which the first snapshot has no use for.
  if (latest.length === 0) return null;
  const newEntries = await readFile(newEntriesFile);
  for (const candidate of latest) {
    const difference = await differenceFrom(candidate.treeDir, newEntries);
    if (difference?.isShared !== true) continue;
    // All are compared with one list: what has most of it lacks least.
    if (nearest === null || difference.added.length < nearest.difference.added.length) {
      nearest = { ...candidate, difference };
    }
    // None can be much nearer.
    if (differences(difference) <= nearEnough) break;
  }
  return nearest;
}

/** With so few differences no further candidate is looked at. */
const nearEnough = 50;
const differences = ({ gone, added }: EntryDifference) => gone.length + added.length;

type Candidate = Pick<NearSnapshot, 'hash' | 'treeDir'>;

async function latestSnapshots(
  stateRoot: string,
  sourceRoot: string,
): Promise<readonly Candidate[]> {
  const names = await readdir(snapshotsDirectory(stateRoot));
  const dated = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (hash) => {
        const { dir, treeDir } = snapshotLayout(stateRoot, hash);
        return { hash, treeDir, madeMs: (await stat(dir).catch(() => null))?.mtimeMs ?? 0 };
      }),
  );
  dated.sort((a, b) => b.madeMs - a.madeMs);
  const latest: Candidate[] = [];
  for (const { hash, treeDir } of dated.slice(0, 4 * mostCandidates)) {
    const marker = await readSnapshotMarker(treeDir);
    if (marker?.sourceRoot === sourceRoot) latest.push({ hash, treeDir });
    if (latest.length === mostCandidates) break;
  }
  return latest;
}

/** Null when the lists cannot be compared, or an attribute file differs. */
async function differenceFrom(
  treeDir: string,
  newEntries: Buffer,
): Promise<EntryDifference | null> {
  const entries = await readFile(snapshotEntriesFile(treeDir)).catch(() => null);
  const difference = entries === null ? null : differenceOf(entries, newEntries);
  if (difference === null) return null;
  const changed = [...difference.gone, ...difference.added];
  return changed.some(isAttributesFile) ? null : difference;
}

const attributesName = Buffer.from('.gitattributes');

function isAttributesFile({ list, pathStart, end }: EntryRecord): boolean {
  const path = list.subarray(pathStart, end);
  return path.subarray(path.lastIndexOf('/') + 1).equals(attributesName);
}
