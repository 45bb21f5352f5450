import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  isPlain,
  plainEntries,
  trackedEntriesReader,
  type TrackedEntries,
} from './tracked-entries.js';

const id = 'a'.repeat(40);
const line = (tag: string, mode: string, path: string) => `${tag} ${mode} ${id} 0\t${path}\0`;
const output = Buffer.from(
  [
    line('H', '100644', 'plain'),
    line('H', '100755', 'changed\tname\n'),
    line('C', '100755', 'changed\tname\n'),
    line('h', '100644', 'assumed'),
    line('S', '120000', 'skipped'),
    line('H', '160000', 'module'),
    line('C', '160000', 'module'),
    line('H', '100644', 'out'),
    line('C', '100644', 'out'),
    line('H', '160000', 'out'),
    `M 100644 ${id} 1\tmerged\0`,
    line('H', '100644', 'last'),
  ].join(''),
);

function read(chunks: readonly Uint8Array[]): TrackedEntries | null {
  const reader = trackedEntriesReader(
    (bytes, start, end) => bytes.toString('utf8', start, end) === 'out',
  );
  for (const chunk of chunks) reader.add(chunk);
  return reader.end();
}

it('keeps what is special of what the index has, in whatever pieces it comes', () => {
  const cuts = fc.uniqueArray(fc.nat(output.length), { maxLength: 8 });
  fc.assert(
    fc.property(cuts, (places) => {
      const ends = [...places.sort((a, b) => a - b), output.length];
      const chunks = ends.map((end, index) => output.subarray(ends[index - 1] ?? 0, end));
      expect(read(chunks)).toEqual({
        assumedUnchanged: [Buffer.from('assumed')],
        skipped: [Buffer.from('skipped')],
        modified: [Buffer.from('changed\tname\n')],
        repositories: [Buffer.from('module')],
        movedRepositories: [Buffer.from('module')],
        excluded: [Buffer.from('out'), Buffer.from('out')],
        unmerged: [Buffer.from('merged')],
      });
    }),
  );
});

it('tells an output that was torn', () => {
  expect(read([output.subarray(0, -1)])).toBeNull();
  expect(read([])).not.toBeNull();
});

it('calls an index plain that has nothing special, however much is modified', () => {
  const plain = plainEntries([Buffer.from('a')]);
  expect(isPlain(plain)).toBe(true);
  for (const name of Object.keys(plain).filter((key) => key !== 'modified')) {
    expect(isPlain({ ...plain, [name]: [Buffer.from('a')] })).toBe(false);
  }
});
