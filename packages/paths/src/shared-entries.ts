/** A record of a list of entries, with its bytes' place in the list. */
export interface EntryRecord {
  readonly list: Buffer;
  readonly start: number;
  readonly pathStart: number;
  /** Of the NUL that ends it. */
  readonly end: number;
}

/** Hears of the records of two lists. */
export interface EntryVisitor {
  /** One of the second list that the first one has just so. */
  readonly same: (record: EntryRecord) => void;
  /** One that the other list has not, or not with this content and mode. */
  readonly different: (record: EntryRecord, list: 'before' | 'after') => void;
}

const tab = 0x09;

/**
 * Goes through two lists of snapshot entries as `pairSnapshotEntries` does, without reading more of them than where
 * records begin and end: most of two snapshots of a workspace is the same, and there may be a million records.
 * @throws RangeError when it is no such list
 */
export function compareEntryLists(before: Buffer, after: Buffer, visitor: EntryVisitor): void {
  let old = recordAt(before, 0);
  let young = recordAt(after, 0);
  while (old !== null || young !== null) {
    const order = compare(old, young);
    if (order === 'same' && young !== null) visitor.same(young);
    if (order !== 'same' && order <= 0 && old !== null) visitor.different(old, 'before');
    if (order !== 'same' && order >= 0 && young !== null) visitor.different(young, 'after');
    const [goesOn, otherGoesOn] = order === 'same' ? [true, true] : [order <= 0, order >= 0];
    if (goesOn && old !== null) old = recordAt(before, old.end + 1);
    if (otherGoesOn && young !== null) young = recordAt(after, young.end + 1);
  }
}

/**
 * The records of a list, in their order.
 * @throws RangeError when it is no such list
 */
export function* entryRecords(list: Buffer): Generator<EntryRecord> {
  for (let at = recordAt(list, 0); at !== null; at = recordAt(list, at.end + 1)) yield at;
}

function recordAt(list: Buffer, start: number): EntryRecord | null {
  if (start >= list.length) return null;
  const tabAt = list.indexOf(tab, start);
  const end = tabAt === -1 ? -1 : list.indexOf(0, tabAt);
  if (end === -1) throw new RangeError(`no list of snapshot entries at byte ${start}`);
  return { list, start, pathStart: tabAt + 1, end };
}

/** `same` for equal records, else the order of the paths. */
function compare(old: EntryRecord | null, young: EntryRecord | null): number | 'same' {
  if (old === null) return 1;
  if (young === null) return -1;
  const isSame = old.list.compare(young.list, young.start, young.end, old.start, old.end) === 0;
  if (isSame) return 'same';
  return old.list.compare(young.list, young.pathStart, young.end, old.pathStart, old.end);
}
