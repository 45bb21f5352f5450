import type { FileHandle } from 'node:fs/promises';

/** How much is read at a time, in bytes. Bounds the memory. */
const blockBytes = 64 * 1024;

const lineFeed = 0x0a;

/** Bytes from `start` to before `end`. */
interface Bytes {
  readonly start: number;
  readonly end: number;
}

/** Which of the bytes from `start` to before `end` count, in order. */
export type CountedBytes = (start: number, end: number) => readonly Bytes[];

const allBytes: CountedBytes = (start, end) => [{ start, end }];

/**
 * Where the last lines of a file begin, in bytes from its start; 0 when it has no more than so many. Reads from the
 * end, and no further than it must, so that the length of the file does not matter. Rejects with the error of the operating system.
 *
 * @param count from 1. What follows the last line end is a line as well, unless it is empty.
 * @param counted the lines are those that these bytes make, as if there were no other ones
 */
export async function startOfLastLines(
  file: FileHandle,
  count: number,
  counted: CountedBytes = allBytes,
): Promise<number> {
  const { size } = await file.stat();
  const buffer = Buffer.alloc(blockBytes);
  const lines = new LinesFromEnd(count);
  for (let end = size; end > 0; end = Math.max(0, end - blockBytes)) {
    const start = Math.max(0, end - blockBytes);
    const ranges = counted(start, end);
    if (ranges.length === 0) continue;
    const { bytesRead } = await file.read(buffer, 0, end - start, start);
    for (const range of ranges.toReversed()) {
      const to = Math.min(range.end - start, bytesRead);
      const found = lines.startIn(buffer.subarray(range.start - start, to));
      if (found !== null) return range.start + found;
    }
  }
  return 0;
}

/** Counts lines in blocks that come from the last to the first one. */
class LinesFromEnd {
  #wanted: number;
  #isLast = true;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  /** Where in the block the lines begin that are wanted; null when they begin before it. */
  startIn(block: Buffer): number | null {
    if (block.length === 0) return null;
    // The last byte, when it ends a line, begins no other one.
    let rest = this.#isLast ? block.subarray(0, -1) : block;
    this.#isLast = false;
    for (let at = rest.lastIndexOf(lineFeed); at >= 0; at = rest.lastIndexOf(lineFeed)) {
      this.#wanted -= 1;
      if (this.#wanted === 0) return at + 1;
      rest = rest.subarray(0, at);
    }
    return null;
  }
}
