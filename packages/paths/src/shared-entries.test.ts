import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareEntryLists, type EntryRecord } from './shared-entries.js';
import { isUnchanged, pairSnapshotEntries } from './snapshot-difference.js';
import { formatSnapshotEntries, type SnapshotEntry } from './snapshot-entries.js';

const list = fc
  .dictionary(fc.constantFrom('a', 'a.b', 'a/b', 'a\tb', 'b', 'é', 'z'), fc.constantFrom('1', '2'))
  .map((objects) =>
    Object.entries(objects)
      .map(([path, object]): SnapshotEntry => ({ path: Buffer.from(path), mode: '100644', object }))
      .sort((a, b) => Buffer.compare(a.path, b.path)),
  )
  .map(formatSnapshotEntries);

const pathOf = ({ list: bytes, pathStart, end }: EntryRecord) =>
  bytes.toString('utf8', pathStart, end);

it('finds the same as pairing entries does', () => {
  fc.assert(
    fc.property(list, list, (before, after) => {
      const found: string[] = [];
      compareEntryLists(before, after, {
        same: (record) => found.push(`same ${pathOf(record)}`),
        different: (record, side) => found.push(`${side} ${pathOf(record)}`),
      });
      const expected = [...pairSnapshotEntries(before, after)].flatMap((pair) => {
        if (pair.after !== null && isUnchanged(pair)) return [`same ${pair.after.path.toString()}`];
        return [
          ...(pair.before === null ? [] : [`before ${pair.before.path.toString()}`]),
          ...(pair.after === null ? [] : [`after ${pair.after.path.toString()}`]),
        ];
      });
      expect(found).toEqual(expected);
    }),
  );
});

it.each(['100644 blob x\tno end', 'no tab\0'])('refuses %j', (text) => {
  const visitor = { same: () => undefined, different: () => undefined };
  const compare = () => compareEntryLists(Buffer.from(text), Buffer.alloc(0), visitor);
  expect(compare).toThrow(RangeError);
});
