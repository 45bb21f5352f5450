import { ok, type Outcome } from '@pikaci/model';
import { formatIndexInfo } from './index-entries.js';
import { runGit } from './git.js';
import type { GitSession } from './git-session.js';
import { linkUnchanged } from './link-unchanged.js';
import { findNearestSnapshot } from './nearest-snapshot.js';
import type { WorkspaceTree } from './workspace-tree.js';

/** A tree that is to be written. */
export interface TreeToFill {
  readonly tree: WorkspaceTree;
  /** As `parseSnapshotEntries` reads it. */
  readonly entries: Buffer;
  readonly stateRoot: string;
  readonly sourceRoot: string;
  /** Empty directory for the files. */
  readonly treeDir: string;
}

/** The list of a tree's entries, as `parseSnapshotEntries` reads it. */
export async function listEntries(
  session: GitSession,
  tree: WorkspaceTree,
): Promise<Outcome<Buffer>> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', tree.treeId];
  const listed = await runGit(session.detached(tree.gitDir), args);
  return listed.ok ? ok(listed.value.stdout) : listed;
}

/**
 * Writes a tree's files. What an earlier snapshot has of them is taken from there; the rest comes from the session's
 * objects, so it is what was identified, whatever happens to the workspace meanwhile.
 */
export async function fillTree(session: GitSession, request: TreeToFill): Promise<Outcome<null>> {
  const { tree, entries, treeDir, stateRoot, sourceRoot } = request;
  const near = await findNearestSnapshot(stateRoot, sourceRoot, entries);
  const context = session.detached(tree.gitDir, treeDir);
  if (near === null) {
    const read = await runGit(context, ['read-tree', tree.treeId]);
    if (!read.ok) return read;
  } else {
    const lacking = await linkUnchanged(near, entries, treeDir);
    if (lacking.length === 0) return ok(null);
    const info = formatIndexInfo(lacking);
    const read = await runGit(context, ['update-index', '-z', '--index-info'], { stdin: info });
    if (!read.ok) return read;
  }
  const written = await runGit(context, ['checkout-index', '--all']);
  return written.ok ? ok(null) : written;
}
