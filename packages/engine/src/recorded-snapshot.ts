import type { RunRecord, Snapshot } from '@pikaci/model';

/** The snapshot that a run was on; null for a run that ended before it had one. */
export function recordedSnapshot(record: RunRecord): Snapshot | null {
  const { snapshotHash, snapshotDir, sourceRoot, gitHead, gitDirty } = record;
  if (snapshotHash === null) return null;
  return {
    hash: snapshotHash,
    // Not recorded, and of no use to a run: only who looks for a snapshot that fits compares it.
    hashVersion: '',
    dir: snapshotDir,
    sourceRoot,
    gitHead,
    gitDirty,
    reused: true,
  };
}
