import { parseSnapshotEntries, type SnapshotEntry } from './snapshot-entries.js';

/** One path of two snapshots: in the first alone, in the second alone, or in both, be it with another content or mode. */
export type EntryPair =
  | { readonly before: SnapshotEntry; readonly after: null }
  | { readonly before: null; readonly after: SnapshotEntry }
  | { readonly before: SnapshotEntry; readonly after: SnapshotEntry };

/** Every path of two lists of entries, in the order of the paths' bytes. Both lists have to be in that order. */
export function* pairSnapshotEntries(before: Uint8Array, after: Uint8Array): Generator<EntryPair> {
  const olds = parseSnapshotEntries(before);
  const news = parseSnapshotEntries(after);
  let old = olds.next();
  let young = news.next();
  while (old.done !== true || young.done !== true) {
    const order = compare(old, young);
    if (order < 0 && old.done !== true) yield { before: old.value, after: null };
    else if (order > 0 && young.done !== true) yield { before: null, after: young.value };
    else if (old.done !== true && young.done !== true) {
      yield { before: old.value, after: young.value };
    }
    if (order <= 0) old = olds.next();
    if (order >= 0) young = news.next();
  }
}

type Step = IteratorResult<SnapshotEntry, void>;

function compare(old: Step, young: Step): number {
  if (old.done === true) return 1;
  if (young.done === true) return -1;
  return Buffer.compare(old.value.path, young.value.path);
}

/** True for a path that is the same in both. */
export function isUnchanged({ before, after }: EntryPair): boolean {
  return before?.mode === after?.mode && before?.object === after?.object;
}

/** What became of a path between two snapshots. */
export const snapshotChanges = ['added', 'removed', 'modified', 'mode'] as const;
/** `mode`: the content is the same, and the executable bit another; `modified`: anything else. */
export type SnapshotChange = (typeof snapshotChanges)[number];

/** What became of a path; null when it is the same in both. */
export function changeOf(pair: EntryPair): SnapshotChange | null {
  const { before, after } = pair;
  if (before === null) return 'added';
  if (after === null) return 'removed';
  if (isUnchanged(pair)) return null;
  const becameLink = (before.mode === linkMode) !== (after.mode === linkMode);
  return before.object === after.object && !becameLink ? 'mode' : 'modified';
}

const linkMode = '120000';
