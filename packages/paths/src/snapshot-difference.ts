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
