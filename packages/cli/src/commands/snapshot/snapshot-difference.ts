import {
  fail,
  ok,
  type Outcome,
  type OutputValue,
  type snapshotDiffOutputSchema,
} from '@pikaci/model';
import {
  changeOf,
  pairSnapshotEntries,
  printablePath,
  type EntryPair,
  type SnapshotChange,
} from '@pikaci/paths';
import type { ShownChange } from '@pikaci/report';
import type { StoredSnapshot } from '@pikaci/snapshot';
import type { MeantSnapshot } from './stored-snapshot-of.js';

/** A path that two snapshots do not have alike. */
export interface PathChange extends ShownChange {
  /** The path as it is, in any encoding. */
  readonly bytes: Buffer;
}

/** What differs between two snapshots, in the order of the paths' bytes. */
export function changesBetween(
  before: StoredSnapshot,
  after: StoredSnapshot,
): Outcome<readonly PathChange[]> {
  const changes: PathChange[] = [];
  try {
    for (const pair of pairSnapshotEntries(before.entries, after.entries)) {
      const change = changeOf(pair);
      if (change !== null) changes.push(pathChange(pair, change));
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail('snapshot', "The list of a snapshot's entries is damaged", {
      reason: error.message,
      location: { file: before.dir },
      hint: "Remove the snapshot's directory; it is made anew by the next run on the same files.",
    });
  }
  return ok(changes);
}

function pathChange(pair: EntryPair, change: ShownChange['change']): PathChange {
  const bytes = (pair.before ?? pair.after).path;
  return {
    bytes,
    path: printablePath(bytes),
    change,
    modeBefore: pair.before?.mode ?? null,
    modeAfter: pair.after?.mode ?? null,
  };
}

/** A difference for programs. A path that is no UTF-8 is told by `path_base64`. */
export function differenceRecord(
  before: MeantSnapshot,
  after: MeantSnapshot,
  changes: readonly PathChange[],
): OutputValue<typeof snapshotDiffOutputSchema> {
  const side = ({ snapshot, run }: MeantSnapshot) => {
    return { hash: snapshot.hash, runId: run?.runId ?? null };
  };
  const count = (kind: SnapshotChange) => changes.filter(({ change }) => change === kind).length;
  return {
    before: side(before),
    after: side(after),
    same: changes.length === 0,
    counts: {
      added: count('added'),
      removed: count('removed'),
      modified: count('modified'),
      mode: count('mode'),
    },
    changes: changes.map(({ bytes, change, modeBefore, modeAfter }) => {
      const path = bytes.toString('utf8');
      const isText = Buffer.from(path).equals(bytes);
      const pathBase64 = isText ? null : bytes.toString('base64');
      return { path, pathBase64, change, modeBefore, modeAfter };
    }),
  };
}
