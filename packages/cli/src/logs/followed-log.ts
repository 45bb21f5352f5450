import { findLimitMark } from '@pikaci/host';
import { startOfLastLines } from './last-lines.js';
import type { LogFile } from './log-files.js';
import { needsIndex, type LogView } from './log-view.js';
import { countedBytes } from './print-logs.js';
import { RecordedLog, type LogPart } from './recorded-log.js';

/** How much is read at a time, in bytes. Bounds the memory. */
const blockBytes = 64 * 1024;

const lineFeed = 0x0a;

/** What is done with what a log holds. */
export interface LogReader {
  /** Its bytes are not valid any more afterwards. */
  part(part: LogPart): Promise<void>;
  /** What comes now is of a log that begins again: of the job's next attempt, or written anew. */
  anew(): Promise<void>;
  /** No byte after a last line end is handed out, as more of that line may come. */
  readonly wholeLines: boolean;
  /** Nothing more will be written: what is not known by now never will be. */
  readonly isLast: boolean;
  /** Aborted when nothing more is wanted. */
  readonly signal: AbortSignal;
}

/**
 * One log file, read on from where it was left. The file may be missing at first, begin anew, or be replaced: by that
 * of another attempt, or by one from which the middle is left out. Methods reject with the error of the operating system.
 */
export class FollowedLog {
  readonly #of: LogFile;
  readonly #view: LogView;
  #log: RecordedLog | null = null;
  #offset = 0;

  constructor(of: LogFile, view: LogView) {
    this.#of = of;
    this.#view = view;
  }

  /** The open log; null while it is not there. */
  get log(): RecordedLog | null {
    return this.#log;
  }

  /** Opens it if it is there. */
  async open(): Promise<void> {
    this.#log ??= await this.#openNow();
  }

  /** Leaves out what comes before the last lines, so many, of what is there now. To be called before the first read. */
  async skipToLastLines(count: number): Promise<void> {
    await this.open();
    if (this.#log === null) return;
    const counted = countedBytes(this.#log, this.#view);
    this.#offset = await startOfLastLines(this.#log.file, count, counted);
  }

  /** Hands out what is there and was not handed out yet. */
  async read(reader: LogReader): Promise<void> {
    await this.open();
    for (;;) {
      const log = this.#log;
      if (log === null) return;
      const next = (await log.isReplaced()) ? await this.#openNow() : null;
      if (next !== null) {
        await this.#readToEnd(log, next, reader);
        if (reader.signal.aborted) {
          await next.close();
          return;
        }
        await this.#goOnWith(next, reader);
      } else if (await log.readIndex()) {
        await this.#drain(log, reader);
        return;
      }
    }
  }

  async close(): Promise<void> {
    await this.#log?.close();
    this.#log = null;
  }

  #openNow(): Promise<RecordedLog | null> {
    return RecordedLog.open(this.#of, needsIndex(this.#view));
  }

  /** Nothing is appended to it any more. */
  async #readToEnd(log: RecordedLog, next: RecordedLog, reader: LogReader): Promise<void> {
    await log.readLastIndex(next);
    await this.#drain(log, { ...reader, wholeLines: false, isLast: true });
  }

  async #goOnWith(next: RecordedLog, reader: LogReader): Promise<void> {
    // Up to the mark in place of what is left out it has what the log had that it replaces.
    const markAt = await findLimitMark(next.file, this.#offset);
    if (markAt === null) await reader.anew();
    await this.#log?.close();
    this.#log = next;
    this.#offset = markAt ?? 0;
  }

  async #drain(log: RecordedLog, reader: LogReader): Promise<void> {
    const { size } = await log.file.stat();
    if (size < this.#offset) {
      await reader.anew();
      this.#offset = 0;
      await log.startIndexAnew();
    }
    // What came just now is in the index soon.
    const end = log.sources.isRecorded && !reader.isLast ? log.sources.knownEnd : Infinity;
    const buffer = Buffer.alloc(size === this.#offset ? 0 : blockBytes);
    while (!reader.signal.aborted && this.#offset < end) {
      const wanted = Math.min(buffer.length, end - this.#offset);
      const { bytesRead } = await log.file.read(buffer, 0, wanted, this.#offset);
      const block = buffer.subarray(0, bytesRead);
      const chunk = reader.wholeLines ? wholeLines(block) : block;
      if (chunk.length === 0) return;
      for (const part of log.parts(chunk, this.#offset)) await reader.part(part);
      this.#offset += chunk.length;
    }
  }
}

/** The whole lines of a block; of a line that is longer than a block, all that is there. */
function wholeLines(block: Uint8Array): Uint8Array {
  const length = block.lastIndexOf(lineFeed) + 1;
  return length === 0 && block.length === blockBytes ? block : block.subarray(0, length);
}
