import {
  snapshotMarkerCodec,
  snapshotMarkerName,
  type Outcome,
  type SnapshotMarker,
} from '@pikaci/model';
import { readFile, lstat } from 'node:fs/promises';
import { join } from 'node:path';

/** The marker at the top of a tree; null when there is none that can be read. */
export async function readSnapshotMarker(treeDir: string): Promise<SnapshotMarker | null> {
  const file = join(treeDir, snapshotMarkerName);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const marker = decodeMarker(text, file);
  return marker?.ok === true ? marker.value : null;
}

/** A marker as it is written. */
export function encodeSnapshotMarker(marker: SnapshotMarker): string {
  return `${JSON.stringify(snapshotMarkerCodec.encode(marker), null, 2)}\n`;
}

/**
 * True for the tree of a snapshot. Everything in it counts: ignore rules were applied when it was made, and files
 * that were tracked in spite of them are in it. A work tree in which somebody left a marker still has its `.git`.
 */
export async function isSnapshotTree(dir: string): Promise<boolean> {
  const marker = await readSnapshotMarker(dir);
  if (marker?.hashVersion == null) return false;
  return lstat(join(dir, '.git')).then(
    () => false,
    () => true,
  );
}

function decodeMarker(text: string, file: string): Outcome<SnapshotMarker> | null {
  try {
    return snapshotMarkerCodec.decode(JSON.parse(text), file);
  } catch {
    return null;
  }
}
