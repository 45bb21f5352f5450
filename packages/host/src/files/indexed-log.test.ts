import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  LogPieces,
  logIndexLimitBytes,
  logIndexPath,
  type LogPiece,
  type OutputStream,
} from '@pikaci/model';
import { ManualClock } from '@pikaci/testkit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openIndexedLog, type IndexedLog } from './indexed-log.js';
import { openLimitedLog } from './limited-log.js';
import { LogIndexWriter } from './log-index-writer.js';

let root: string;
let path: string;
let clock: ManualClock;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-indexed-'));
  path = join(root, 'guest.log');
  clock = new ManualClock();
});
afterEach(() => rmSync(root, { recursive: true }));

async function openLog(limitBytes = 1000, goesOn = false): Promise<IndexedLog> {
  const opened = await openIndexedLog({ path, limitBytes, clock, timer: clock, goesOn });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

function pieces(): LogPieces {
  const read = new LogPieces();
  read.push(readFileSync(logIndexPath(path), 'latin1'));
  return read;
}

const all = (read: LogPieces): readonly LogPiece[] => read.within(0, Number.MAX_SAFE_INTEGER);
const text = (letters: string) => Buffer.from(letters);

/** Chunks of two streams, and how many ms pass before each. */
const output = fc.array(
  fc.record({
    stream: fc.constantFrom<OutputStream>('stdout', 'stderr'),
    bytes: fc.uint8Array({ maxLength: 30 }),
    waitMs: fc.constantFrom(0, 0, 1, 40, 100, 5000),
  }),
  { maxLength: 25 },
);

describe('the index of a log', () => {
  it('tells of any output the streams and times, and changes nothing in the log', async () => {
    await fc.assert(
      fc.asyncProperty(output, fc.integer({ min: 1, max: 300 }), async (given, limit) => {
        const log = await openLog(limit);
        const plainPath = join(root, 'plain.log');
        const plain = await openLimitedLog(plainPath, limit);
        if (!plain.ok) throw new Error(plain.error.message);
        const written: { stream: OutputStream; byte: number; atMs: number }[] = [];
        for (const { stream, bytes, waitMs } of given) {
          clock.advance(waitMs);
          const atMs = clock.now().getTime();
          for (const byte of bytes) written.push({ stream, byte, atMs });
          void log.append(stream, bytes);
          void plain.value.append(bytes);
        }
        const whole = await plain.value.close();
        const closed = await log.close();
        expect(closed).toMatchObject(whole);
        expect(closed).toMatchObject({ value: { indexProblem: null } });
        expect(readFileSync(path)).toEqual(readFileSync(plainPath));

        const read = pieces();
        expect(read.end).toBe(written.length);
        for (const piece of all(read)) {
          for (const { stream, atMs } of written.slice(piece.start, piece.end)) {
            expect(stream).toBe(piece.stream);
            // Never too late, and never too early by as much as the grain.
            expect(atMs - (piece.atMs ?? NaN)).toBeGreaterThanOrEqual(0);
            expect(atMs - (piece.atMs ?? NaN)).toBeLessThan(100);
          }
        }
        expect(readdirSync(root).sort()).toEqual(['guest.log', 'guest.log.index', 'plain.log']);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('has one entry for what a stream brings within 100 ms', async () => {
    const log = await openLog();
    const startMs = clock.now().getTime();
    for (let round = 0; round < 25; round += 1) {
      await log.append('stdout', text('x'));
      clock.advance(10);
    }
    await log.append('stderr', text('e'));
    await log.close();
    expect(all(pieces())).toEqual([
      { start: 0, end: 10, stream: 'stdout', atMs: startMs },
      { start: 10, end: 20, stream: 'stdout', atMs: startMs + 100 },
      { start: 20, end: 25, stream: 'stdout', atMs: startMs + 200 },
      { start: 25, end: 26, stream: 'stderr', atMs: startMs + 250 },
    ]);
  });

  it('is on disk 100 ms after what it tells of, while the log is still written', async () => {
    const log = await openLog();
    await log.append('stdout', text('now'));
    expect(pieces().header).toMatchObject({ logLimitBytes: 1000 });
    expect(all(pieces())).toEqual([]);
    clock.advance(100);
    await vi.waitFor(() => expect(pieces().end).toBe(3));
    await log.append('stderr', text('next'));
    clock.advance(100);
    await vi.waitFor(() => expect(pieces().end).toBe(7));
    await log.close();
  });

  it('has no times for what is written after a restart', async () => {
    const log = await openLog();
    void log.append('stdout', text('damaged'));
    clock.advance(5000);
    log.restart();
    void log.append('stdout', text('whole'));
    void log.append('stderr', text('too'));
    await log.close();
    expect(readFileSync(path, 'utf8')).toBe('wholetoo');
    expect(all(pieces())).toEqual([
      { start: 0, end: 5, stream: 'stdout', atMs: null },
      { start: 5, end: 8, stream: 'stderr', atMs: null },
    ]);
  });

  it('takes nothing over from an earlier one', async () => {
    const first = await openLog();
    void first.append('stderr', text('first'));
    await first.close();
    const second = await openLog();
    expect(all(pieces())).toEqual([]);
    await second.close();
  });

  it('keeps the times that an earlier process recorded of output that comes again, however it comes', async () => {
    const first = await openLog();
    const startMs = clock.now().getTime();
    await first.append('stdout', text('one'));
    clock.advance(1000);
    await first.append('stderr', text('two'));
    clock.advance(1000);
    await first.append('stdout', text('three'));
    await first.close();
    clock.advance(5000);
    const second = await openLog(1000, true);
    await second.append('stderr', text('twoand'));
    await second.append('stdout', text('on'));
    await second.append('stdout', text('ethreeand more'));
    await second.close();
    const times = (ms: number) => startMs + ms;
    expect(all(pieces()).map(({ end, stream, atMs }) => [end, stream, atMs])).toEqual([
      [3, 'stderr', times(1000)],
      [6, 'stderr', times(7000)],
      [9, 'stdout', times(0)],
      [14, 'stdout', times(2000)],
      [22, 'stdout', times(7000)],
    ]);
    expect(readFileSync(path, 'utf8')).toBe('twoandonethreeand more');
  });

  it('keeps no time from behind a gap, or from no index', async () => {
    const startMs = clock.now().getTime();
    const index = `pikaci-log-index 1 1000 ${startMs};\no 2 5;\ntorn\ne 4 6;\no 9 7;\n`;
    for (const earlier of [index, 'nonsense', null]) {
      if (earlier === null) rmSync(logIndexPath(path));
      else writeFileSync(logIndexPath(path), earlier);
      clock.advance(1000);
      const log = await openLog(1000, true);
      await log.append('stdout', text('abcd'));
      await log.close();
      const nowMs = clock.now().getTime();
      expect(all(pieces()).map(({ end, atMs }) => [end, atMs])).toEqual(
        earlier === index
          ? [
              [2, startMs + 5],
              [4, nowMs],
            ]
          : [[4, nowMs]],
      );
    }
  });

  it('stands a clock that goes back', async () => {
    const log = await openLog();
    const startMs = clock.now().getTime();
    await log.append('stdout', text('a'));
    clock.advance(-60_000);
    await log.append('stdout', text('b'));
    await log.close();
    expect(all(pieces()).map(({ atMs }) => atMs)).toEqual([startMs, startMs - 60_000]);
  });
});

describe('the index of a flood', () => {
  it('keeps head and tail within its bound when streams alternate a million times', async () => {
    const opened = await LogIndexWriter.open({ path, limitBytes: 1, clock, timer: clock });
    if (!opened.ok) throw new Error(opened.error.message);
    for (let at = 0; at < 1_000_000; at += 1) {
      await opened.value.note(at % 2 === 0 ? 'stdout' : 'stderr', 1);
    }
    expect(await opened.value.close()).toBeNull();
    expect(statSync(logIndexPath(path)).size).toBeLessThan(logIndexLimitBytes + 200);
    const read = pieces();
    const known = all(read);
    expect(known.length).toBeGreaterThan(200_000);
    expect(known.length).toBeLessThan(500_000);
    expect(known.every(({ start, stream }) => (stream === 'stdout') === (start % 2 === 0))).toBe(
      true,
    );
    expect([known[0]?.start, read.end]).toEqual([0, 1_000_000]);
    expect(read.within(500_000, 500_001)).toEqual([]);
  }, 60_000);

  it('is small for 10 GB of one stream', async () => {
    const opened = await LogIndexWriter.open({ path, limitBytes: 1, clock, timer: clock });
    if (!opened.ok) throw new Error(opened.error.message);
    for (let at = 0; at < 160_000; at += 1) {
      if (at % 160 === 0) clock.advance(100);
      await opened.value.note('stdout', 65_536);
    }
    await opened.value.close();
    expect(pieces().end).toBe(160_000 * 65_536);
    expect(statSync(logIndexPath(path)).size).toBeLessThan(25_000);
  });
});

describe('an index that cannot be written', () => {
  it('leaves the log as it is, and says why', async () => {
    mkdirSync(logIndexPath(path));
    const log = await openLog();
    void log.append('stdout', text('all of it'));
    expect(await log.close()).toMatchObject({
      ok: true,
      value: {
        totalBytes: 9,
        leftOutBytes: 0,
        indexProblem: expect.stringMatching(
          /guest\.log\.index could not be opened.*EISDIR/s,
        ) as string,
      },
    });
    expect(readFileSync(path, 'utf8')).toBe('all of it');
  });

  it('has no wrong entry when it fails in between', async () => {
    const opened = await LogIndexWriter.open({ path, limitBytes: 1, clock, timer: clock });
    if (!opened.ok) throw new Error(opened.error.message);
    // Its next segment has no place.
    mkdirSync(`${logIndexPath(path)}.tail-0`);
    for (let at = 0; at < 400_000; at += 1) {
      await opened.value.note(at % 2 === 0 ? 'stdout' : 'stderr', 1);
    }
    expect(await opened.value.close()).toMatch(/guest\.log\.index is not complete.*EEXIST/s);
    const known = all(pieces());
    expect(known.length).toBeGreaterThan(200_000);
    expect(known.every(({ start, stream }) => (stream === 'stdout') === (start % 2 === 0))).toBe(
      true,
    );
  }, 60_000);
});
