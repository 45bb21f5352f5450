import { ok, type Outcome } from '@pikaci/model';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { formatIndexInfo } from './index-entries.js';
import { runGit } from './git.js';
import type { GitSession } from './git-session.js';
import { linkUnchanged } from './link-unchanged.js';
import { findNearestSnapshot } from './nearest-snapshot.js';
import type { WorkspaceTree } from './workspace-tree.js';

/** A tree that is to be written. */
export interface TreeToFill {
  readonly tree: WorkspaceTree;
  /** The file with the list of the tree's entries. */
  readonly entriesFile: string;
  readonly stateRoot: string;
  readonly sourceRoot: string;
  /** Empty directory for the files. */
  readonly treeDir: string;
}

/** Writes the list of a tree's entries into a file, as `parseSnapshotEntries` reads it. */
export async function writeEntries(
  session: GitSession,
  tree: WorkspaceTree,
  entriesFile: string,
): Promise<Outcome<null>> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', tree.treeId];
  const file = openSync(entriesFile, 'wx', 0o644);
  try {
    const onStdout = (chunk: Uint8Array) => writeFileSync(file, chunk);
    const listed = await runGit(session.detached(tree.gitDir), args, { onStdout });
    return listed.ok ? ok(null) : listed;
  } finally {
    closeSync(file);
  }
}

/**
 * Writes a tree's files. What an earlier snapshot has of them is taken from there; the rest comes from the session's
 * objects, so it is what was identified, whatever happens to the workspace meanwhile.
 */
export async function fillTree(session: GitSession, request: TreeToFill): Promise<Outcome<null>> {
  const { tree, entriesFile, treeDir, stateRoot, sourceRoot } = request;
  const near = await findNearestSnapshot(stateRoot, sourceRoot, entriesFile);
  const context = session.detached(tree.gitDir, treeDir);
  if (near === null) {
    const read = await runGit(context, ['read-tree', tree.treeId]);
    if (!read.ok) return read;
  } else {
    const lacking = await linkUnchanged(near, treeDir);
    if (lacking.length === 0) return ok(null);
    const info = formatIndexInfo(lacking);
    const read = await runGit(context, ['update-index', '-z', '--index-info'], { stdin: info });
    if (!read.ok) return read;
  }
  const written = await runGit(context, ['checkout-index', '--all']);
  return written.ok ? ok(null) : written;
}
