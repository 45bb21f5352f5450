import { formatSnapshotEntries, pairSnapshotEntries, isUnchanged } from '@pikaci/paths';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonEnd, commonStart } from './common-bytes.js';
import { differenceOf, type EntryDifference } from './entry-difference.js';

/** Few names and contents, so that lists share many of both. */
const entry = fc.record({
  path: fc
    .tuple(fc.constantFrom('a', 'a.b', 'a/b', 'a/c', 'b', 'b/a', 'z'), fc.nat(3))
    .map(([name, number]) => Buffer.from(`${name}${'x'.repeat(number)}`)),
  mode: fc.constantFrom('100644' as const, '100755' as const, '120000' as const),
  object: fc.constantFrom('a'.repeat(40), 'b'.repeat(40)),
});
const list = fc
  .uniqueArray(entry, { selector: ({ path }) => path.toString(), maxLength: 20 })
  .map((entries) =>
    formatSnapshotEntries(entries.sort((one, other) => Buffer.compare(one.path, other.path))),
  );

const texts = (records: Iterable<EntryDifference['gone'][number]>) =>
  [...records].map((record) => record.list.toString('latin1', record.start, record.end));

describe('the difference of two lists of entries', () => {
  it('is that of their pairs, one by one', () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const difference = differenceOf(before, after);
        const pairs = [...pairSnapshotEntries(before, after)];
        const changed = pairs.filter((pair) => !isUnchanged(pair));
        const shown = (entries: readonly (typeof pairs)[number]['before'][]) =>
          entries
            .flatMap((one) => (one === null ? [] : [one]))
            .map(({ mode, object, path }) => `${mode} blob ${object}\t${path.toString('latin1')}`);
        expect(texts(difference?.gone ?? [])).toEqual(shown(changed.map((pair) => pair.before)));
        expect(texts(difference?.added ?? [])).toEqual(shown(changed.map((pair) => pair.after)));
        const same = pairs.filter(isUnchanged).map((pair) => pair.after);
        expect(texts(difference?.same() ?? [])).toEqual(shown(same));
        expect(difference?.isShared).toBe(same.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('is none when one of them is no list', () => {
    expect(differenceOf(Buffer.from('no list'), Buffer.from('no other list'))).toBeNull();
  });
});

describe('what two buffers have in common', () => {
  it('is counted byte by byte, also across blocks', () => {
    const filled = fc.tuple(fc.nat(9000), fc.uint8Array({ maxLength: 4 }), fc.nat(9000));
    fc.assert(
      fc.property(filled, fc.uint8Array({ maxLength: 4 }), ([start, one, end], other) => {
        const around = (middle: Uint8Array) =>
          Buffer.concat([Buffer.alloc(start, 's'), middle, Buffer.alloc(end, 'e')]);
        const [a, b] = [around(one), around(other)];
        const most = Math.min(a.length, b.length);
        let length = 0;
        while (length < most && a[length] === b[length]) length += 1;
        expect(commonStart(a, b)).toBe(length);
        length = 0;
        while (length < most && a.at(-1 - length) === b.at(-1 - length)) length += 1;
        expect(commonEnd(a, b, most)).toBe(length);
        expect(commonEnd(a, b, Math.min(most, 5))).toBe(Math.min(length, 5));
      }),
    );
  });
});
