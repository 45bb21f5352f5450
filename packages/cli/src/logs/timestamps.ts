import type { WriteBytes } from './part-printer.js';
import type { LogPart } from './recorded-log.js';

const lineFeed = 0x0a;

/** In place of a time that is not known; as wide as one, so that lines stay below each other. */
const noTime = Buffer.from(`${'-'.padEnd('2026-03-07T00:00:01.000Z'.length)} `);

/** Puts a time before each line: that of its first byte, RFC 3339, in UTC to the millisecond. */
export function createTimestamps(write: WriteBytes): (part: LogPart) => Promise<void> {
  let atLineStart = true;
  return async ({ bytes, atMs }) => {
    const prefix = timePrefix(atMs);
    const pieces: Uint8Array[] = [];
    let start = 0;
    while (start < bytes.length) {
      const end = bytes.indexOf(lineFeed, start) + 1 || bytes.length;
      if (atLineStart) pieces.push(prefix);
      pieces.push(bytes.subarray(start, end));
      atLineStart = bytes[end - 1] === lineFeed;
      start = end;
    }
    await write(Buffer.concat(pieces));
  };
}

/** A time that no date can have is as good as none. */
function timePrefix(atMs: number | null): Uint8Array {
  const date = new Date(atMs ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? noTime : Buffer.from(`${date.toISOString()} `);
}
