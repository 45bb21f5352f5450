import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changeOf, isUnchanged, pairSnapshotEntries } from './snapshot-difference.js';
import { formatSnapshotEntries, type SnapshotEntry } from './snapshot-entries.js';

const list = fc
  .dictionary(fc.constantFrom('a', 'a.b', 'a/b', 'a/c', 'b', 'é', 'z'), fc.constantFrom('1', '2'))
  .map((objects) =>
    Object.entries(objects)
      .map(([path, object]): SnapshotEntry => ({ path: Buffer.from(path), mode: '100644', object }))
      .sort((a, b) => Buffer.compare(a.path, b.path)),
  );

it('pairs every path of two lists once, in order', () => {
  fc.assert(
    fc.property(list, list, (before, after) => {
      const pairs = [
        ...pairSnapshotEntries(formatSnapshotEntries(before), formatSnapshotEntries(after)),
      ];
      expect(pairs.flatMap((pair) => pair.before ?? [])).toEqual(before);
      expect(pairs.flatMap((pair) => pair.after ?? [])).toEqual(after);
      const paths = pairs.map((pair) => (pair.before ?? pair.after).path);
      expect(paths).toEqual([...paths].sort((a, b) => Buffer.compare(a, b)));
      expect(new Set(paths.map(String)).size).toBe(paths.length);
      for (const pair of pairs.filter(isUnchanged)) expect(pair.before).toEqual(pair.after);
    }),
  );
});

it('tells what became of a path', () => {
  const path = Buffer.from('a');
  const file: SnapshotEntry = { path, mode: '100644', object: '1' };
  const program: SnapshotEntry = { ...file, mode: '100755' };
  const link: SnapshotEntry = { ...file, mode: '120000' };
  const other: SnapshotEntry = { ...program, object: '2' };
  expect(changeOf({ before: null, after: file })).toBe('added');
  expect(changeOf({ before: file, after: null })).toBe('removed');
  expect(changeOf({ before: file, after: file })).toBeNull();
  expect(changeOf({ before: file, after: program })).toBe('mode');
  expect(changeOf({ before: file, after: link })).toBe('modified');
  expect(changeOf({ before: file, after: other })).toBe('modified');
});
