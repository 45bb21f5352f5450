import {
  acquireLock,
  createStagingDirectory,
  removeTree,
  sweepStagingDirectories,
  sweepTemporaryDirectories,
  systemFailure,
} from '@pikaci/host';
import { fail, ok, snapshotMarkerName, type Outcome, type SnapshotMarker } from '@pikaci/model';
import { snapshotEntriesFile, snapshotLayout, snapshotsDirectory } from '@pikaci/paths';
import { access, chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stateRootDisk, thrownFullDisk } from './full-disk.js';
import { fillTree, writeEntries } from './fill-tree.js';
import type { GitSession } from './git-session.js';
import { encodeSnapshotMarker, readSnapshotMarker } from './snapshot-marker.js';
import type { OnSnapshotStep } from './snapshot-steps.js';
import type { WorkspaceTree } from './workspace-tree.js';

/** What is to be kept of a tree, and where. */
export interface SnapshotToMake {
  readonly tree: WorkspaceTree;
  readonly stateRoot: string;
  readonly marker: SnapshotMarker & { readonly contentHash: string };
  readonly onStep: OnSnapshotStep;
}

/**
 * Writes a tree's files into the state root, unless a snapshot with this hash is there.
 *
 * @returns whether the snapshot was there already
 */
export async function materialiseTree(
  session: GitSession,
  request: SnapshotToMake,
): Promise<Outcome<{ readonly reused: boolean }>> {
  const { stateRoot, marker } = request;
  if (await isWhole(stateRoot, marker.contentHash)) return ok({ reused: true });
  let staging: string | null = null;
  try {
    await sweepStagingDirectories(snapshotsDirectory(stateRoot));
    await sweepTemporaryDirectories();
    staging = await createStagingDirectory(snapshotsDirectory(stateRoot));
    const filled = await fillStaging(session, staging, request);
    if (!filled.ok) return filled;
    return await publish(staging, request);
  } catch (error) {
    return stateRootFailure(stateRoot, error);
  } finally {
    if (staging !== null) await removeTree(staging);
  }
}

/** True when a snapshot with this hash is there, and nothing of it is known to be missing. */
export async function isWhole(stateRoot: string, hash: string): Promise<boolean> {
  const { treeDir, entriesFile } = snapshotLayout(stateRoot, hash);
  const marker = await readSnapshotMarker(treeDir);
  return marker?.contentHash === hash && (await exists(entriesFile));
}

async function fillStaging(
  session: GitSession,
  staging: string,
  { tree, stateRoot, marker, onStep }: SnapshotToMake,
): Promise<Outcome<null>> {
  const treeDir = join(staging, 'snapshot');
  await mkdir(treeDir);
  await chmod(treeDir, 0o755);
  await onStep('staged');
  const entriesFile = snapshotEntriesFile(treeDir);
  const listed = await writeEntries(session, tree, entriesFile);
  if (!listed.ok) return listed;
  await onStep('listed');
  const { sourceRoot } = marker;
  const filled = await fillTree(session, { tree, entriesFile, stateRoot, sourceRoot, treeDir });
  if (!filled.ok) return filled;
  await onStep('filled');
  const markerFile = join(treeDir, snapshotMarkerName);
  await writeFile(markerFile, encodeSnapshotMarker(marker));
  await chmod(markerFile, 0o644);
  await onStep('marked');
  return ok(null);
}

/** How often somebody may damage what others make, before that is called an error. */
const mostAttempts = 20;

/** Renames the finished directory into place. Another process that was faster has made the same. */
async function publish(
  staging: string,
  request: SnapshotToMake,
): Promise<Outcome<{ readonly reused: boolean }>> {
  const { stateRoot, marker, onStep } = request;
  const hash = marker.contentHash;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(staging, snapshotLayout(stateRoot, hash).dir);
      await onStep('published');
      return ok({ reused: false });
    } catch (error) {
      if (await isWhole(stateRoot, hash)) return ok({ reused: true });
      if (!isInTheWay(error) || attempt === mostAttempts) throw error;
    }
    const moved = await moveDamagedAway(stateRoot, hash);
    if (!moved.ok) return moved;
  }
}

function isInTheWay(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR';
}

/**
 * Only complete directories get a snapshot's name, so somebody has damaged one that is not whole. The lock keeps others
 * who found it so from moving away what takes its place.
 */
async function moveDamagedAway(stateRoot: string, hash: string): Promise<Outcome<null>> {
  const parent = snapshotsDirectory(stateRoot);
  const lock = await acquireLock(join(parent, `.lock-${hash}`));
  if (!lock.ok) return lock;
  const bin = await createStagingDirectory(parent);
  try {
    if (await isWhole(stateRoot, hash)) return ok(null);
    await rename(snapshotLayout(stateRoot, hash).dir, join(bin, 'damaged'));
    return ok(null);
  } catch (error) {
    // Then another one was faster.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok(null);
    throw error;
  } finally {
    await removeTree(bin);
    await lock.value.release();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function stateRootFailure(stateRoot: string, error: unknown): ReturnType<typeof fail> {
  const full = thrownFullDisk(stateRootDisk(stateRoot), error);
  if (full !== null) return full;
  const failed = systemFailure(`The state root ${stateRoot} cannot be written`, error);
  return fail('infrastructure', failed.error.message, {
    location: { file: stateRoot },
    ...(failed.error.reason === null ? {} : { reason: failed.error.reason }),
    hint: 'Choose a directory that can be written with --state-root or PIKACI_STATE_ROOT.',
  });
}
