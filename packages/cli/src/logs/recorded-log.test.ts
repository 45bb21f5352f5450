import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIndexedLog, type IndexedLog } from '@pikaci/host';
import { logIndexPath, type OutputStream } from '@pikaci/model';
import { ManualClock } from '@pikaci/testkit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordedLog, type LogPart } from './recorded-log.js';

let root: string;
let path: string;
let clock: ManualClock;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-recorded-log-'));
  path = join(root, 'guest.log');
  clock = new ManualClock();
});
afterEach(() => rmSync(root, { recursive: true }));

async function openLog(limitBytes = 1000): Promise<IndexedLog> {
  const opened = await openIndexedLog({ path, limitBytes, clock, timer: clock });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

/** The parts of the log as it is on disk, read in chunks of so many bytes. */
async function readParts(chunkBytes = 1000): Promise<readonly LogPart[]> {
  const log = await RecordedLog.open({ path, kind: 'guest' }, true);
  if (log === null) throw new Error('no log');
  const bytes = readFileSync(path);
  const parts: LogPart[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    parts.push(...log.parts(bytes.subarray(at, at + chunkBytes), at));
  }
  await log.close();
  expect(Buffer.concat(parts.map((part) => part.bytes))).toEqual(bytes);
  return parts;
}

const bytesOf = (parts: readonly LogPart[], source: LogPart['source']) =>
  Buffer.concat(parts.filter((part) => part.source === source).map(({ bytes }) => bytes));

const told = (parts: readonly LogPart[]) =>
  parts.map(({ bytes, source }) => [source, Buffer.from(bytes).toString()]);

interface Printed {
  readonly stream: OutputStream;
  readonly byte: number;
}

const output = fc.array(
  fc.record({
    stream: fc.constantFrom<OutputStream>('stdout', 'stderr'),
    bytes: fc.uint8Array({ maxLength: 30 }),
  }),
  { maxLength: 25 },
);

describe('the bytes of a log', () => {
  it('are by stream what was printed, as far as it is kept, for any output and any limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        output,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 400 }),
        async (given, limit, chunkBytes) => {
          const log = await openLog(limit);
          const printed: Printed[] = [];
          for (const { stream, bytes } of given) {
            for (const byte of bytes) printed.push({ stream, byte });
            void log.append(stream, bytes);
          }
          await log.close();
          const head = Math.floor(limit / 2);
          const isWhole = printed.length <= limit;
          const kept = isWhole
            ? printed
            : [...printed.slice(0, head), ...printed.slice(printed.length - (limit - head))];
          const parts = await readParts(chunkBytes);
          for (const stream of ['stdout', 'stderr'] as const) {
            const wanted = kept.filter((one) => one.stream === stream).map(({ byte }) => byte);
            expect(bytesOf(parts, stream)).toEqual(Buffer.from(wanted));
          }
          expect(bytesOf(parts, 'unknown')).toHaveLength(0);
          const mark = bytesOf(parts, 'mark').toString();
          expect(mark).toMatch(isWhole ? /^$/u : /^\n\[pikaci\] … \d+ bytes left out here .*\n$/u);
        },
      ),
      { numRuns: 100 },
    );
  }, 60_000);

  it('are of nobody known where a torn index ends, and never of the wrong stream', async () => {
    const log = await openLog();
    for (const [stream, text] of [
      ['stdout', 'one\n'],
      ['stderr', 'two\n'],
      ['stdout', 'three\n'],
    ] as const) {
      await log.append(stream, Buffer.from(text));
    }
    await log.close();
    const { length } = readFileSync(logIndexPath(path));
    const whole = [
      ['stdout', 'one\n'],
      ['stderr', 'two\n'],
      ['stdout', 'three\n'],
    ];
    for (let size = length; size >= 0; size -= 1) {
      truncateSync(logIndexPath(path), size);
      const parts = told(await readParts());
      const known = parts.filter(([source]) => source !== 'unknown');
      expect(known).toEqual(whole.slice(0, known.length));
      expect(parts.map(([, text]) => text).join('')).toBe('one\ntwo\nthree\n');
    }
  });

  it('are those of a process that was killed: the log is longer than the index, or shorter', async () => {
    const log = await openLog();
    await log.append('stderr', Buffer.from('known'));
    clock.advance(100);
    await log.append('stdout', Buffer.from('not told yet'));
    await vi.waitFor(async () =>
      expect(told(await readParts())).toEqual([
        ['stderr', 'known'],
        ['unknown', 'not told yet'],
      ]),
    );
    await log.close();
    truncateSync(path, 7);
    expect(told(await readParts())).toEqual([
      ['stderr', 'known'],
      ['stdout', 'no'],
    ]);
  });

  it('are known up to the limit in a log whose end is still beside it', async () => {
    const log = await openLog(10);
    await log.append('stdout', Buffer.from('12345'));
    await log.append('stderr', Buffer.from('67890and on'));
    clock.advance(100);
    await log.append('stdout', Buffer.from('!'));
    await vi.waitFor(async () =>
      expect(told(await readParts())).toEqual([
        ['stdout', '12345'],
        ['stderr', '67890'],
      ]),
    );
    await log.close();
  });

  it('are those of the job also where it prints what looks like the mark', async () => {
    const mark = '\n[pikaci] … 7 bytes left out here (the limit of the log is 1000B) …\n';
    const log = await openLog();
    await log.append('stdout', Buffer.from('x'.repeat(500)));
    await log.append('stderr', Buffer.from(mark));
    await log.append('stdout', Buffer.from('on'));
    await log.close();
    expect(told(await readParts())).toEqual([
      ['stdout', 'x'.repeat(500)],
      ['stderr', mark],
      ['stdout', 'on'],
    ]);
  });

  it('are of nobody known without an index, or with a file that is none', async () => {
    writeFileSync(path, 'from earlier');
    expect(told(await readParts())).toEqual([['unknown', 'from earlier']]);
    writeFileSync(logIndexPath(path), 'o 4 0;\n');
    expect(told(await readParts())).toEqual([['unknown', 'from earlier']]);
  });
});
