import { removeTree } from '@pikaci/host';
import { ok, type Outcome } from '@pikaci/model';
import { parseSnapshotEntries, type EntryRecord } from '@pikaci/paths';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { formatIndexInfo } from './index-entries.js';
import { fullDisk, stateRootDisk } from './full-disk.js';
import { runGit, runGitInTurn, type GitContext } from './git.js';
import type { GitSession } from './git-session.js';
import { roomForLacking } from './lacking-room.js';
import { linkUnchanged } from './link-unchanged.js';
import { findNearestSnapshot, type NearSnapshot } from './nearest-snapshot.js';
import { claimSpare, removeGone } from './spare/claim-spare.js';
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
  const disks = [stateRootDisk(stateRoot), ...(context.disks ?? [])];
  const written = await writeLacking({ ...context, disks }, near, request);
  if (written.ok || written.error.kind !== 'snapshot') return written;
  // Git removes a file that it could not write whole: there may be room, and yet not enough for it.
  const needed = await roomForLacking(session, tree, treeDir);
  const { reason, message } = written.error;
  return (await fullDisk([stateRootDisk(stateRoot)], reason ?? message, needed)) ?? written;
}

/** Writes what a tree has and an earlier snapshot has not. */
async function writeLacking(
  context: GitContext,
  near: NearSnapshot | null,
  { tree, stateRoot, treeDir }: TreeToFill,
): Promise<Outcome<null>> {
  if (near === null) {
    const written = await runGitInTurn(context, [['read-tree', tree.treeId], checkOut]);
    return written.ok ? ok(null) : written;
  }
  const lacking = await takeFrom(near, stateRoot, treeDir);
  if (lacking.length === 0) return ok(null);
  const stdin = formatIndexInfo(lacking.flatMap(entriesOf));
  const add = ['update-index', '-z', '--index-info'];
  const written = await runGitInTurn(context, [add, checkOut], { stdin });
  return written.ok ? ok(null) : written;
}

const checkOut = ['checkout-index', '--all'] as const;

/** Gives a tree what an earlier snapshot has of it; what it lacks then is returned. */
async function takeFrom(
  { hash, treeDir: nearTreeDir, difference }: NearSnapshot,
  stateRoot: string,
  treeDir: string,
): Promise<readonly EntryRecord[]> {
  if (claimSpare(stateRoot, hash, treeDir)) {
    if (removeGone(treeDir, difference)) return difference.added;
    await removeTree(treeDir);
    await mkdir(treeDir);
    await chmod(treeDir, 0o755);
  }
  return [...difference.added, ...(await linkUnchanged(nearTreeDir, treeDir, difference))];
}

const entriesOf = ({ list, start, end }: EntryRecord) => [
  ...parseSnapshotEntries(list.subarray(start, end + 1)),
];
