import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLogIndexEntry, formatLogIndexHeader, type LogIndexEntry } from './log-index.js';
import { LogPieces } from './log-pieces.js';

const header = { logLimitBytes: 1000, startMs: 1_772_841_601_000 };
const first = formatLogIndexHeader(header);
const at = (ms: number) => header.startMs + ms;

function read(...texts: readonly string[]): LogPieces {
  const pieces = new LogPieces();
  for (const text of texts) pieces.push(text);
  return pieces;
}

const all = (pieces: LogPieces) => pieces.within(0, Number.MAX_SAFE_INTEGER);

describe('the pieces of an index', () => {
  it('begin where the one before ends', () => {
    const pieces = read(first, 'o 10 5;\ne 12 -;\n', 'o 2', '0 1', '500;\n');
    expect(pieces.header).toEqual(header);
    expect(all(pieces)).toEqual([
      { start: 0, end: 10, stream: 'stdout', atMs: at(5) },
      { start: 10, end: 12, stream: 'stderr', atMs: null },
      { start: 12, end: 20, stream: 'stdout', atMs: at(1500) },
    ]);
    expect(pieces.end).toBe(20);
  });

  it('are found by position', () => {
    const pieces = read(first, 'o 10 0;\ne 20 0;\no 30 0;\n');
    const starts = (from: number, to: number) =>
      pieces.within(from, to).map((piece) => piece.start);
    expect(starts(0, 10)).toEqual([0]);
    expect(starts(9, 11)).toEqual([0, 10]);
    expect(starts(10, 20)).toEqual([10]);
    expect(starts(10, 10)).toEqual([]);
    expect(starts(29, 99)).toEqual([20]);
    expect(starts(30, 99)).toEqual([]);
  });

  it('do not hold what a torn last line may have said', () => {
    expect(all(read(first, 'o 10 0;\ne 20 1;'))).toHaveLength(1);
    expect(all(read(first.slice(0, -1)))).toEqual([]);
  });

  it('are not known around what is left out, or no line of an index', () => {
    const mark = '\n[pikaci] … 77 bytes left out here (the limit of the log is 4MiB) …\n';
    expect(all(read(`${first}o 10 0;\no 19${mark}8 0;\no 40 7;\ne 50 9;\n`))).toEqual([
      { start: 0, end: 10, stream: 'stdout', atMs: at(0) },
      { start: 40, end: 50, stream: 'stderr', atMs: at(9) },
    ]);
    for (const nonsense of [
      'x 20 0;',
      'o 5 0;',
      'o 10 0;',
      'o -1 0;',
      'o 1e3 0;',
      'o 20 0;;',
      '',
    ]) {
      expect(all(read(`${first}o 10 0;\n${nonsense}\ne 20 0;\no 30 1;\n`))).toEqual([
        { start: 0, end: 10, stream: 'stdout', atMs: at(0) },
        { start: 20, end: 30, stream: 'stdout', atMs: at(1) },
      ]);
    }
  });

  it('are none in a file that is no index, or one of a version that is not known', () => {
    for (const text of ['', 'nonsense\no 10 0;\n', 'pikaci-log-index 2 1 1;\no 10 0;\n']) {
      expect(read(text).header).toBeNull();
      expect(all(read(text))).toEqual([]);
    }
  });

  it('take little memory for a line that does not end', () => {
    const pieces = read(first);
    for (let round = 0; round < 100; round += 1) pieces.push('o'.repeat(100_000));
    pieces.push('\no 10 0;\no 20 0;\n');
    expect(all(pieces)).toEqual([{ start: 10, end: 20, stream: 'stdout', atMs: at(0) }]);
  });

  it('are what was written, however the text is cut, and never another thing after a cut', () => {
    const entry = fc.record({
      stream: fc.constantFrom('stdout' as const, 'stderr' as const),
      bytes: fc.integer({ min: 1, max: 1e9 }),
      atMs: fc.option(fc.integer({ min: -5000, max: 1e9 }).map(at)),
    });
    fc.assert(
      fc.property(fc.array(entry), fc.array(fc.nat(400)), fc.nat(400), (given, cuts, end) => {
        let position = 0;
        const entries = given.map(({ stream, bytes, atMs }): LogIndexEntry => {
          position += bytes;
          return { stream, end: position, atMs };
        });
        const text = first + entries.map((one) => formatLogIndexEntry(one, header)).join('');
        const pieces = new LogPieces();
        let from = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), text.length]) {
          pieces.push(text.slice(from, cut));
          from = Math.max(from, cut);
        }
        expect(all(pieces).map(({ stream, end, atMs }) => ({ stream, end, atMs }))).toEqual(
          entries,
        );
        const torn = all(read(text.slice(0, end)));
        expect(torn).toEqual(all(pieces).slice(0, torn.length));
      }),
    );
  });
});
