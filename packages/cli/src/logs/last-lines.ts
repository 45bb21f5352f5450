import type { FileHandle } from 'node:fs/promises';

/** How much is read at a time, in bytes. Bounds the memory. */
const blockBytes = 64 * 1024;

const lineFeed = 0x0a;

/**
 * Where the last lines of a file begin, in bytes from its start; 0 when it has no more than so many. Reads from the
 * end, and no further than it must, so that the length of the file does not matter. Rejects with the error of the operating system.
 *
 * @param count from 1. What follows the last line end is a line as well, unless it is empty.
 */
export async function startOfLastLines(file: FileHandle, count: number): Promise<number> {
  const { size } = await file.stat();
  const buffer = Buffer.alloc(blockBytes);
  let wanted = count;
  // The last byte, when it ends a line, begins no other one.
  let end = size - 1;
  while (end > 0) {
    const start = Math.max(0, end - blockBytes);
    const { bytesRead } = await file.read(buffer, 0, end - start, start);
    let block = buffer.subarray(0, bytesRead);
    for (let at = block.lastIndexOf(lineFeed); at >= 0; at = block.lastIndexOf(lineFeed)) {
      wanted -= 1;
      if (wanted === 0) return start + at + 1;
      block = block.subarray(0, at);
    }
    end = start;
  }
  return 0;
}
