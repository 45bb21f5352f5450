import { createTemporaryDirectory, removeTree } from '@pikaci/host';
import type { Outcome, Snapshot } from '@pikaci/model';
import { snapshotLayout } from '@pikaci/paths';
import { existsSync } from 'node:fs';
import { composeSnapshotStore } from '../compose.js';
import type { Workspace } from '../workspace.js';

/** What payloads look at of a snapshot. */
export type LookedAtSnapshot = Pick<Snapshot, 'dir' | 'hash' | 'sourceRoot'>;

/**
 * Shows the snapshot that a run would be on now, and leaves nothing behind: one that is not in the store is made in a
 * temporary directory, for what a payload depends on can only be told from its files.
 */
export async function withBorrowedSnapshot<T>(
  workspace: Workspace,
  signal: AbortSignal,
  use: (snapshot: LookedAtSnapshot) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const { stateRoot, workspaceRoot } = workspace;
  const identity = await composeSnapshotStore(workspace).identify(workspaceRoot, signal);
  if (!identity.ok) return identity;
  const { hash, sourceRoot } = identity.value;
  const { treeDir, markerFile, entriesFile } = snapshotLayout(stateRoot, hash);
  if (existsSync(markerFile) && existsSync(entriesFile)) {
    return use({ dir: treeDir, hash, sourceRoot });
  }
  const keepIn = await createTemporaryDirectory();
  try {
    const taken = await composeSnapshotStore(workspace, keepIn).take(workspaceRoot, signal);
    return taken.ok ? await use(taken.value) : taken;
  } finally {
    await removeTree(keepIn);
  }
}
