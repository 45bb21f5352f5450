import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatSnapshotEntries,
  parseSnapshotEntries,
  type SnapshotEntry,
} from './snapshot-entries.js';

const entries: fc.Arbitrary<SnapshotEntry> = fc.record({
  path: fc
    .uint8Array({ min: 1, max: 255, minLength: 1, maxLength: 20 })
    .map((bytes) => Buffer.from(bytes)),
  mode: fc.constantFrom('100644', '100755', '120000'),
  object: fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map((bytes) => Buffer.from(bytes).toString('hex')),
});

describe('a list of snapshot entries', () => {
  it('reads what it wrote, whatever bytes the names consist of', () => {
    fc.assert(
      fc.property(fc.array(entries), (list) => {
        expect([...parseSnapshotEntries(formatSnapshotEntries(list))]).toEqual(list);
      }),
    );
  });

  it('reads what git prints', () => {
    const printed = Buffer.from('100755 blob ce013625030ba8dba906f756967f9e9ca394464a\tbin/a\tb\0');
    expect([...parseSnapshotEntries(printed)]).toEqual([
      {
        path: Buffer.from('bin/a\tb'),
        mode: '100755',
        object: 'ce013625030ba8dba906f756967f9e9ca394464a',
      },
    ]);
  });

  it.each(['torn 100644', '100644 blob x\tno end', '040000 tree x\tdir\0', '\0'])(
    'refuses %j',
    (text) => {
      expect(() => [...parseSnapshotEntries(Buffer.from(text))]).toThrow(RangeError);
    },
  );
});
