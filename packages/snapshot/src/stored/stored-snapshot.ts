import { systemFailure } from '@pikaci/host';
import { fail, ok, type Outcome, type SnapshotMarker } from '@pikaci/model';
import { snapshotLayout, snapshotsDirectory } from '@pikaci/paths';
import { readdir, readFile } from 'node:fs/promises';
import { readSnapshotMarker } from '../snapshot-marker.js';

/** A snapshot that lies in a state root. */
export interface StoredSnapshot {
  readonly hash: string;
  /** Absolute path of the tree, where it is now. */
  readonly dir: string;
  readonly marker: SnapshotMarker;
  /** As `parseSnapshotEntries` reads it. */
  readonly entries: Buffer;
}

const hashPattern = /^[0-9a-f]{64}$/;
const beginningPattern = /^[0-9a-f]{4,64}$/;

/** Reads a snapshot by its whole hash. A `selection` failure says that there is none. */
export async function readStoredSnapshot(
  stateRoot: string,
  hash: string,
): Promise<Outcome<StoredSnapshot>> {
  // A hash may come from a record that was tampered with, and must not lead elsewhere.
  if (!hashPattern.test(hash)) return notThere(stateRoot, hash);
  const { treeDir, entriesFile } = snapshotLayout(stateRoot, hash);
  const marker = await readSnapshotMarker(treeDir);
  const entries = await readFile(entriesFile).catch(() => null);
  if (marker === null || entries === null) return notThere(stateRoot, hash);
  return ok({ hash, dir: treeDir, marker, entries });
}

/**
 * The hash of the snapshot that a beginning of four digits or more means; null when there is none. A `selection` failure
 * names those it could mean.
 */
export async function findStoredSnapshot(
  stateRoot: string,
  beginning: string,
): Promise<Outcome<string | null>> {
  if (!beginningPattern.test(beginning)) return ok(null);
  const names = await listNames(snapshotsDirectory(stateRoot));
  if (!names.ok) return names;
  const found = names.value.filter((name) => hashPattern.test(name) && name.startsWith(beginning));
  const [only = null, second] = found;
  if (second === undefined) return ok(only);
  return fail(
    'selection',
    `\`${beginning}\` is the beginning of ${found.length} snapshots' hashes`,
    {
      reason: `it could be ${found.slice(0, 5).join(', ')}`,
      hint: 'Give more of the hash.',
    },
  );
}

async function listNames(dir: string): Promise<Outcome<readonly string[]>> {
  try {
    return ok(await readdir(dir));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? ok([]) : systemFailure(`${dir} cannot be read`, error);
  }
}

function notThere(stateRoot: string, hash: string): Outcome<never> {
  return fail('selection', `There is no snapshot ${JSON.stringify(hash)}`, {
    location: { file: snapshotsDirectory(stateRoot) },
    reason: 'it was removed, or it was made with another state root',
    hint: 'Take it anew with "pikaci run", or name its state root with --state-root.',
  });
}
