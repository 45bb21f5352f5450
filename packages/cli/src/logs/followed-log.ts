import { open, stat, type FileHandle } from 'node:fs/promises';
import { findLimitMark } from '@pikaci/host';
import { startOfLastLines } from './last-lines.js';
import { isMissing } from './print-logs.js';

/** How much is read at a time, in bytes. Bounds the memory. */
const blockBytes = 64 * 1024;

const lineFeed = 0x0a;

/** What is done with what a log holds. */
export interface LogReader {
  /** The chunk is not valid any more afterwards. */
  bytes(chunk: Uint8Array): Promise<void>;
  /** What comes now is of a log that begins again: of the job's next attempt, or written anew. */
  anew(): void;
  /** No byte after a last line end is handed out, as more of that line may come. */
  readonly wholeLines: boolean;
  /** Aborted when nothing more is wanted. */
  readonly signal: AbortSignal;
}

/**
 * One log file, read on from where it was left. The file may be missing at first, begin anew, or be replaced: by that
 * of another attempt, or by one from which the middle is left out. Methods reject with the error of the operating system.
 */
export class FollowedLog {
  readonly #path: string;
  #file: FileHandle | null = null;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Leaves out what comes before the last lines, so many, of what is there now. To be called before the first read. */
  async skipToLastLines(count: number): Promise<void> {
    this.#file ??= await ifThere(() => open(this.#path, 'r'));
    if (this.#file !== null) this.#offset = await startOfLastLines(this.#file, count);
  }

  /** Hands out what is there and was not handed out yet. */
  async read(reader: LogReader): Promise<void> {
    this.#file ??= await ifThere(() => open(this.#path, 'r'));
    if (this.#file === null) return;
    let replaced = await this.#openReplaced(this.#file);
    while (replaced !== null) {
      // Nothing is appended to it any more.
      await this.#drain(this.#file, { ...reader, wholeLines: false });
      if (reader.signal.aborted) {
        await replaced.close();
        return;
      }
      await this.#goOnWith(replaced, reader);
      replaced = await this.#openReplaced(replaced);
    }
    await this.#drain(this.#file, reader);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  /** The file that has the log's path now, when that is another one. */
  async #openReplaced(file: FileHandle): Promise<FileHandle | null> {
    const now = await ifThere(() => stat(this.#path));
    const own = await file.stat();
    // The open file keeps its number from being used again.
    if (now === null || (now.ino === own.ino && now.dev === own.dev)) return null;
    return ifThere(() => open(this.#path, 'r'));
  }

  async #goOnWith(next: FileHandle, reader: LogReader): Promise<void> {
    // Up to the mark in place of what is left out it has what the log had that it replaces.
    const markAt = await findLimitMark(next, this.#offset);
    if (markAt === null) reader.anew();
    await this.#file?.close();
    this.#file = next;
    this.#offset = markAt ?? 0;
  }

  async #drain(file: FileHandle, reader: LogReader): Promise<void> {
    const { size } = await file.stat();
    if (size < this.#offset) {
      reader.anew();
      this.#offset = 0;
    }
    if (size === this.#offset) return;
    const buffer = Buffer.alloc(blockBytes);
    while (!reader.signal.aborted) {
      const { bytesRead } = await file.read(buffer, 0, blockBytes, this.#offset);
      const block = buffer.subarray(0, bytesRead);
      const chunk = reader.wholeLines ? wholeLines(block) : block;
      if (chunk.length === 0) return;
      this.#offset += chunk.length;
      await reader.bytes(chunk);
    }
  }
}

/** The whole lines of a block; of a line that is longer than a block, all that is there. */
function wholeLines(block: Uint8Array): Uint8Array {
  const length = block.lastIndexOf(lineFeed) + 1;
  return length === 0 && block.length === blockBytes ? block : block.subarray(0, length);
}

/** Null for a file that is not there, as between two attempts. */
async function ifThere<T>(look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}
