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
  /** What went into the key, one JSON object a line: it is as long as the list of input files, and seldom asked for. */
  readonly keyInputsFile: string;
  /** What went into the output's digest, compressed. */
  readonly entriesFile: string;
}

/** Directory of all snapshots. */
export function snapshotsDirectory(stateRoot: string): string {
  return join(stateRoot, 'cache', 'snapshots');
}

/** Directory of the files that say which payloads are in use, and by whom. */
export function payloadLeasesDirectory(stateRoot: string): string {
  return join(stateRoot, 'cache', 'payload-leases');
}

/** Directory of what is remembered of payloads that were removed. */
export function removedPayloadsDirectory(stateRoot: string): string {
  return join(stateRoot, 'cache', 'payloads-removed');
}

/** The lock of a payload: its holder builds or removes it. */
export function payloadLockFile(stateRoot: string, contentKey: string): string {
  return join(payloadsDirectory(stateRoot), `${payloadLockPrefix}${contentKey}`);
}

/** How the names of all payloads' locks begin. */
export const payloadLockPrefix = '.lock-';

/** Directory of all payloads. */
export function payloadsDirectory(stateRoot: string): string {
  return join(stateRoot, 'cache', 'payloads');
}

/**
 * Directory of what is remembered of payloads' content keys: files named by a snapshot's hash and a payload's
 * configuration, each with a content key.
 */
export function payloadDecisionsDirectory(stateRoot: string): string {
  return join(payloadsDirectory(stateRoot), '.decisions');
}

/** Directory of the spare trees, each named by the hash of the snapshot that it is like. */
export function spareTreesDirectory(stateRoot: string): string {
  return join(stateRoot, 'cache', 'spares');
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
  return payloadLayoutIn(join(payloadsDirectory(stateRoot), contentKey));
}

/** The same for a payload in any directory, such as one that is not in the store yet. */
export function payloadLayoutIn(dir: string): PayloadLayout {
  return {
    dir,
    outputDir: join(dir, 'output'),
    recordFile: join(dir, 'payload.json'),
    keyInputsFile: join(dir, 'key-inputs.jsonl'),
    entriesFile: join(dir, 'entries.gz'),
  };
}
