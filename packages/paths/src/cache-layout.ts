import { dirname, join } from 'node:path';

/** Where one snapshot lies. The marker is inside the tree, where readers of earlier snapshots look for it. */
export interface SnapshotLayout {
  readonly dir: string;
  readonly treeDir: string;
  /** What the tree consists of, as `parseSnapshotEntries` reads it. */
  readonly entriesFile: string;
  readonly markerFile: string;
}

/** Where one payload lies. The record is written last: its presence means a whole payload. */
export interface PayloadLayout {
  readonly dir: string;
  readonly outputDir: string;
  readonly recordFile: string;
}

/** Directory of all snapshots. */
export function snapshotsDirectory(stateRoot: string): string {
  return join(stateRoot, 'cache', 'snapshots');
}

/** Directory of all payloads. */
export function payloadsDirectory(stateRoot: string): string {
  return join(stateRoot, 'cache', 'payloads');
}

export function snapshotLayout(stateRoot: string, hash: string): SnapshotLayout {
  const dir = join(snapshotsDirectory(stateRoot), hash);
  const treeDir = join(dir, 'snapshot');
  return {
    dir,
    treeDir,
    entriesFile: snapshotEntriesFile(treeDir),
    markerFile: join(treeDir, 'pikaci-snapshot.json'),
  };
}

/** What is remembered of a workspace's tree, so that it need not be made again. */
export function treeMemoFile(stateRoot: string, workspaceDigest: string): string {
  return join(stateRoot, 'cache', 'trees', workspaceDigest);
}

/** The list of entries that lies beside a snapshot's tree. */
export function snapshotEntriesFile(treeDir: string): string {
  return join(dirname(treeDir), 'entries');
}

export function payloadLayout(stateRoot: string, contentKey: string): PayloadLayout {
  const dir = join(payloadsDirectory(stateRoot), contentKey);
  return { dir, outputDir: join(dir, 'output'), recordFile: join(dir, 'payload.json') };
}
