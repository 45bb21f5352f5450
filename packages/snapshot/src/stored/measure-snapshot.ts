import { systemFailure } from '@pikaci/host';
import { ok, type Outcome } from '@pikaci/model';
import { parseSnapshotEntries, type SnapshotEntry } from '@pikaci/paths';
import { lstat } from 'node:fs/promises';
import type { StoredSnapshot } from './stored-snapshot.js';

/** How large a snapshot is. */
export interface SnapshotMeasure {
  readonly fileCount: number;
  readonly linkCount: number;
  /** Sum of the files' lengths; snapshots beside it may share them. */
  readonly sizeBytes: number;
}

/** How many files are looked at at a time; the system has no more threads for it anyway. */
const filesAtATime = 64;

/** Counts the files and links of a snapshot and adds up their lengths. */
export async function measureSnapshot(snapshot: StoredSnapshot): Promise<Outcome<SnapshotMeasure>> {
  const root = Buffer.from(`${snapshot.dir}/`);
  const measure = { fileCount: 0, linkCount: 0, sizeBytes: 0 };
  const add = async ({ path, mode }: SnapshotEntry) => {
    if (mode === '120000') {
      measure.linkCount += 1;
      return;
    }
    // Not in one expression: the sum would be read before the wait, and what others add meanwhile be lost.
    const { size } = await lstat(Buffer.concat([root, path]));
    measure.fileCount += 1;
    measure.sizeBytes += size;
  };
  try {
    let batch: Promise<void>[] = [];
    for (const entry of parseSnapshotEntries(snapshot.entries)) {
      batch.push(add(entry));
      if (batch.length < filesAtATime) continue;
      await Promise.all(batch);
      batch = [];
    }
    await Promise.all(batch);
    return ok(measure);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return systemFailure(`The snapshot ${snapshot.hash} is damaged`, error);
  }
}
