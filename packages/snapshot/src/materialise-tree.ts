import {
  createStagingDirectory,
  removeTree,
  sweepStagingDirectories,
  systemFailure,
} from '@pikaci/host';
import { fail, ok, snapshotMarkerName, type Outcome, type SnapshotMarker } from '@pikaci/model';
import { snapshotLayout, snapshotsDirectory } from '@pikaci/paths';
import { access, chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from './git.js';
import type { GitSession } from './git-session.js';
import { encodeSnapshotMarker, readSnapshotMarker } from './snapshot-marker.js';
import type { WorkspaceTree } from './workspace-tree.js';

/**
 * Writes a tree's files into the state root, unless a snapshot with this hash is there. The files come from the
 * session's objects, so they are what was identified, whatever happens to the workspace meanwhile.
 *
 * @returns whether the snapshot was there already
 */
export async function materialiseTree(
  session: GitSession,
  tree: WorkspaceTree,
  stateRoot: string,
  marker: SnapshotMarker & { readonly contentHash: string },
): Promise<Outcome<{ readonly reused: boolean }>> {
  const hash = marker.contentHash;
  if (await isWhole(stateRoot, hash)) return ok({ reused: true });
  let staging: string | null = null;
  try {
    await sweepStagingDirectories(snapshotsDirectory(stateRoot));
    staging = await createStagingDirectory(snapshotsDirectory(stateRoot));
    const treeDir = join(staging, 'snapshot');
    await mkdir(treeDir);
    await chmod(treeDir, 0o755);
    const written = await checkOut(session, tree, treeDir);
    if (!written.ok) return written;
    const markerFile = join(treeDir, snapshotMarkerName);
    await writeFile(markerFile, encodeSnapshotMarker(marker));
    await chmod(markerFile, 0o644);
    return await publish(staging, stateRoot, hash);
  } catch (error) {
    return stateRootFailure(stateRoot, error);
  } finally {
    if (staging !== null) await removeTree(staging);
  }
}

async function isWhole(stateRoot: string, hash: string): Promise<boolean> {
  const marker = await readSnapshotMarker(snapshotLayout(stateRoot, hash).treeDir);
  return marker?.contentHash === hash;
}

async function checkOut(
  session: GitSession,
  tree: WorkspaceTree,
  treeDir: string,
): Promise<Outcome<null>> {
  const context = session.detached(tree.gitDir, treeDir);
  const read = await runGit(context, ['read-tree', tree.treeId]);
  if (!read.ok) return read;
  const written = await runGit(context, ['checkout-index', '--all']);
  return written.ok ? ok(null) : written;
}

/** Renames the finished directory into place. Another process that was faster has made the same. */
async function publish(
  staging: string,
  stateRoot: string,
  hash: string,
): Promise<Outcome<{ readonly reused: boolean }>> {
  const { dir } = snapshotLayout(stateRoot, hash);
  try {
    await rename(staging, dir);
    return ok({ reused: false });
  } catch (error) {
    if (await isWhole(stateRoot, hash)) return ok({ reused: true });
    const there = await access(dir).then(
      () => true,
      () => false,
    );
    if (!there) throw error;
    return fail('snapshot', `The snapshot ${dir} is damaged: its marker is missing`, {
      location: { file: dir },
      hint: 'Remove the directory; it is made again from the workspace.',
    });
  }
}

function stateRootFailure(stateRoot: string, error: unknown): ReturnType<typeof fail> {
  const failed = systemFailure(`The state root ${stateRoot} cannot be written`, error);
  return fail('infrastructure', failed.error.message, {
    location: { file: stateRoot },
    ...(failed.error.reason === null ? {} : { reason: failed.error.reason }),
    hint: 'Choose a directory that can be written with --state-root or PIKACI_STATE_ROOT.',
  });
}
