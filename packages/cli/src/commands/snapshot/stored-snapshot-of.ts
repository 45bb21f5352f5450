import { fail, ok, type Outcome, type RunRecord } from '@pikaci/model';
import { findStoredSnapshot, readStoredSnapshot, type StoredSnapshot } from '@pikaci/snapshot';
import { createRunStore } from '@pikaci/store';

/** A snapshot that a user means. */
export interface MeantSnapshot {
  readonly snapshot: StoredSnapshot;
  /** The run by which it was named; null when it was named by its hash. */
  readonly run: RunRecord | null;
}

/** How commands name the argument that `storedSnapshotOf` understands. */
export const snapshotReferenceText =
  'a run id, the beginning of one, "latest", or at least four digits of a snapshot\'s hash';

/** The snapshot of a run, or the one with this hash. What is the beginning of a run id is never taken for a hash. */
export async function storedSnapshotOf(
  stateRoot: string,
  reference: string,
): Promise<Outcome<MeantSnapshot>> {
  const run = await createRunStore({ stateRoot }).read(reference);
  if (run.ok) {
    const { runId, snapshotHash } = run.value;
    if (snapshotHash === null) return noSnapshot(runId);
    const snapshot = await readStoredSnapshot(stateRoot, snapshotHash);
    return snapshot.ok ? ok({ snapshot: snapshot.value, run: run.value }) : snapshot;
  }
  const hash = await findStoredSnapshot(stateRoot, reference);
  if (!hash.ok) return hash;
  if (hash.value === null) return run;
  const snapshot = await readStoredSnapshot(stateRoot, hash.value);
  return snapshot.ok ? ok({ snapshot: snapshot.value, run: null }) : snapshot;
}

function noSnapshot(runId: string): Outcome<never> {
  return fail('selection', `The run ${runId} has no snapshot`, {
    reason: 'it had nothing to do, or it ended before one was taken',
    hint: 'See "pikaci status" for what became of it.',
  });
}
