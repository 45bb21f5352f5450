import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assembleLimitedLog, findLimitMark, limitMark } from './limited-log-assembly.js';
import { openLimitedLog, type LimitedLog } from './limited-log.js';

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-limited-'));
  path = join(root, 'guest.log');
});
afterEach(() => rmSync(root, { recursive: true }));

async function openLog(limit: number): Promise<LimitedLog> {
  const opened = await openLimitedLog(path, limit);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

/** What the file must be. */
function expected(bytes: Buffer, limit: number): Buffer {
  if (bytes.length <= limit) return bytes;
  const head = Math.floor(limit / 2);
  const mark = Buffer.from(limitMark(bytes.length - limit, limit));
  return Buffer.concat([
    bytes.subarray(0, head),
    mark,
    bytes.subarray(bytes.length - (limit - head)),
  ]);
}

describe('a log with a limit', () => {
  it('tells where its mark stands, so that whoever has read up to the limit can go on behind the head', async () => {
    const log = await openLog(100);
    await log.append(Buffer.from('h'.repeat(100)));
    const before = await open(path, 'r');
    expect(await findLimitMark(before, 100)).toBeNull();
    await before.close();
    await log.append(Buffer.from('t'.repeat(70)));
    await log.close();
    const after = await open(path, 'r');
    expect(await findLimitMark(after, 100)).toBe(50);
    expect(await findLimitMark(after, 99)).toBeNull();
    expect(await findLimitMark(after, 10_000)).toBeNull();
    await after.close();
  });

  it('has the head and the tail of any chunks, and all of them below the limit', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.integer({ min: 1, max: 120 }), async (given, limit) => {
        const log = await openLog(limit);
        for (const chunk of given) void log.append(chunk);
        const bytes = Buffer.concat(given);
        expect(await log.close()).toEqual({
          ok: true,
          value: { totalBytes: bytes.length, leftOutBytes: Math.max(0, bytes.length - limit) },
        });
        expect(readFileSync(path)).toEqual(expected(bytes, limit));
        expect(readdirSync(root)).toEqual(['guest.log']);
      }),
      { numRuns: 150 },
    );
  });

  it('takes a line of 10 MB, and says how much of it is left out', async () => {
    const log = await openLog(1024 * 1024);
    const line = Buffer.alloc(10_000_000, 'x');
    for (let at = 0; at < line.length; at += 65_536)
      await log.append(line.subarray(at, at + 65_536));
    await log.append(Buffer.from('\n'));
    await log.close();
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(
      '\n[pikaci] … 8951425 bytes left out here (the limit of the log is 1MiB) …\n',
    );
    expect(text.endsWith('x\n')).toBe(true);
  });

  it('never has more on disk than twice its limit while it is written', async () => {
    const log = await openLog(100);
    for (let round = 0; round < 50; round += 1) {
      await log.append(Buffer.alloc(33));
      const sizes = readdirSync(root).map((name) => readFileSync(join(root, name)).length);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(200);
    }
    await log.close();
  });

  it('is empty again after a restart, also one that went over the limit', async () => {
    const log = await openLog(10);
    void log.append(Buffer.from('much more than ten bytes'));
    log.restart();
    void log.append(Buffer.from('anew'));
    expect(await log.close()).toMatchObject({ value: { totalBytes: 4, leftOutBytes: 0 } });
    expect(readFileSync(path, 'utf8')).toBe('anew');
    expect(readdirSync(root)).toEqual(['guest.log']);
  });

  it('takes nothing over from an earlier one at the same path', async () => {
    writeFileSync(path, 'earlier');
    writeFileSync(`${path}.tail-3`, 'earlier');
    const log = await openLog(100);
    await log.close();
    expect(readFileSync(path, 'utf8')).toBe('');
    expect(readdirSync(root)).toEqual(['guest.log']);
  });

  it('counts on when it cannot write, and says at the end how much is missing', async () => {
    const log = await openLog(10);
    await log.append(Buffer.from('0123456789'));
    mkdirSync(`${path}.tail-0`);
    await log.append(Buffer.from('abc'));
    await log.append(Buffer.from('def'));
    expect(await log.close()).toMatchObject({
      ok: false,
      error: {
        kind: 'infrastructure',
        message: `The log ${path} is not complete`,
        reason: expect.stringMatching(/EEXIST.*; 6 of 16 bytes are missing/) as string,
      },
    });
    expect(readFileSync(path, 'utf8')).toBe('0123456789');
  });
});

describe('the log of a process that was killed', () => {
  it('is put together from its segments, as if it had been closed, and only once', async () => {
    const bytes = Buffer.from(Array.from({ length: 300 }, (_, index) => index % 256));
    const log = await openLog(64);
    await log.append(bytes);
    const killed = mkdtempSync(join(tmpdir(), 'pikaci-killed-'));
    for (const name of readdirSync(root)) copyFileSync(join(root, name), join(killed, name));
    await log.close();
    const copy = join(killed, 'guest.log');
    expect(await assembleLimitedLog(copy, 64)).toMatchObject({ value: { totalBytes: 300 } });
    expect(readFileSync(copy)).toEqual(expected(bytes, 64));
    writeFileSync(`${copy}.tail-7`, 'left when the removal was interrupted');
    expect(await assembleLimitedLog(copy, 64)).toEqual({ ok: true, value: null });
    expect(readFileSync(copy)).toEqual(expected(bytes, 64));
    expect(readdirSync(killed)).toEqual(['guest.log']);
    rmSync(killed, { recursive: true });
  });
});
