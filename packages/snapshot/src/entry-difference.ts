import { compareEntryLists, type EntryRecord } from '@pikaci/paths';

/** What two lists of entries have in common, and what they have not. */
export interface EntryDifference {
  /** Of the second list, and just so in the first. */
  readonly same: readonly EntryRecord[];
  /** Of the first list; the second one lacks them, or has something else at their paths. */
  readonly gone: readonly EntryRecord[];
  /** Of the second list; the first one lacks them, or has something else at their paths. */
  readonly added: readonly EntryRecord[];
}

/** Null when one of them is no such list. */
export function differenceOf(before: Buffer, after: Buffer): EntryDifference | null {
  const same: EntryRecord[] = [];
  const gone: EntryRecord[] = [];
  const added: EntryRecord[] = [];
  try {
    compareEntryLists(before, after, {
      same: (record) => same.push(record),
      different: (record, list) => (list === 'before' ? gone : added).push(record),
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return null;
  }
  return { same, gone, added };
}
