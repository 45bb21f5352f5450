import { compareEntryLists, entryRecords, type EntryRecord } from '@pikaci/paths';
import { commonEnd, commonStart } from './common-bytes.js';

/** What two lists of entries have in common, and what they have not. */
export interface EntryDifference {
  /** Of the second list, and just so in the first. */
  readonly same: () => Iterable<EntryRecord>;
  /** Whether there is any of those. */
  readonly isShared: boolean;
  /** Of the first list; the second one lacks them, or has something else at their paths. */
  readonly gone: readonly EntryRecord[];
  /** Of the second list; the first one lacks them, or has something else at their paths. */
  readonly added: readonly EntryRecord[];
}

/**
 * Compares two lists of entries in the order of their paths. After a small change they begin and end alike, and nothing of
 * that is looked at record by record.
 *
 * @returns null when one of them is no such list
 */
export function differenceOf(before: Buffer, after: Buffer): EntryDifference | null {
  const start = wholeRecords(before, commonStart(before, after));
  const most = Math.min(before.length, after.length) - start;
  const end = endOfRecords(before, commonEnd(before, after, most));
  const inner: EntryRecord[] = [];
  const gone: EntryRecord[] = [];
  const added: EntryRecord[] = [];
  try {
    compareEntryLists(
      before.subarray(start, before.length - end),
      after.subarray(start, after.length - end),
      {
        same: (record) => inner.push(record),
        different: (record, list) => (list === 'before' ? gone : added).push(record),
      },
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return null;
  }
  const isShared = start > 0 || end > 0 || inner.length > 0;
  return { same: () => sameRecords(after, start, inner, end), isShared, gone, added };
}

function* sameRecords(
  after: Buffer,
  start: number,
  inner: readonly EntryRecord[],
  end: number,
): Generator<EntryRecord> {
  yield* entryRecords(after.subarray(0, start));
  yield* inner;
  yield* entryRecords(after.subarray(after.length - end));
}

/** As many of the first bytes of a list as are whole records. */
function wholeRecords(list: Buffer, length: number): number {
  return length === 0 ? 0 : list.lastIndexOf(0, length - 1) + 1;
}

/** As many of the last bytes of a list as are whole records, which begin behind the end of another one. */
function endOfRecords(list: Buffer, length: number): number {
  if (length === list.length) return length;
  const endBefore = list.indexOf(0, list.length - length);
  return endBefore === -1 ? 0 : list.length - endBefore - 1;
}
