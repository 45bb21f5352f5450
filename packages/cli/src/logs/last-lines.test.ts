import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOfLastLines } from './last-lines.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pikaci-last-lines-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The last lines of a text, and how many bytes of it were read for them. */
async function lastLines(text: string, count: number) {
  const path = join(directory, 'log');
  writeFileSync(path, text);
  const file = await open(path, 'r');
  let readBytes = 0;
  const read = file.read.bind(file) as (...args: unknown[]) => Promise<{ bytesRead: number }>;
  Object.assign(file, {
    read: async (...args: unknown[]) => {
      const done = await read(...args);
      readBytes += done.bytesRead;
      return done;
    },
  });
  const start = await startOfLastLines(file, count);
  await file.close();
  return { text: Buffer.from(text).subarray(start).toString(), readBytes };
}

describe('the last lines of a log', () => {
  it.each([
    ['a\nb\nc\n', 1, 'c\n'],
    ['a\nb\nc\n', 2, 'b\nc\n'],
    ['a\nb\nc\n', 3, 'a\nb\nc\n'],
    ['a\nb\nc\n', 9, 'a\nb\nc\n'],
    ['a\nb\nno end', 2, 'b\nno end'],
    ['a\n\n\n', 2, '\n\n'],
    ['\n', 1, '\n'],
    ['one', 1, 'one'],
    ['', 5, ''],
  ])('of %j, %i of them, are %j', async (text, count, expected) => {
    expect((await lastLines(text, count)).text).toBe(expected);
  });

  it('are found across the borders of what is read at a time', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `line ${index}\n`);
    for (const count of [1, 5_000, 7_777, 29_999, 30_000, 30_001]) {
      const expected = lines.slice(-count).join('');
      expect((await lastLines(lines.join(''), count)).text === expected).toBe(true);
    }
    const long = `${'x'.repeat(200_000)}\n`;
    expect((await lastLines(`first\n${long}`, 1)).text).toBe(long);
  });

  it('are read from the end, and no more than is needed', async () => {
    const { readBytes } = await lastLines('a line\n'.repeat(500_000), 3);
    expect(readBytes).toBeLessThanOrEqual(64 * 1024);
  });
});
