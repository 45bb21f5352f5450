import { open, rm, type FileHandle } from 'node:fs/promises';
import { fail, ok, type Outcome } from '@pikaci/model';
import { systemErrorCode, systemFailure } from '../system-error.js';
import { assembleLimitedLog, type LimitedLogEnd } from './limited-log-assembly.js';
import { limitedLogParts, removeSegments, segmentPath } from './limited-log-segments.js';

/**
 * A log file that keeps the head and the tail of what it is given, with a mark between them, once that is more than a
 * limit; below it is exact to the byte. Little of it is in memory, however much comes.
 */
export interface LimitedLog {
  /**
   * Appends in the order of the calls; never rejects. Whoever waits for it before going on has no more than one chunk in
   * memory. The chunk must not be changed before.
   */
  append(chunk: Uint8Array): Promise<void>;
  /** Empties the log, for one that is written again from its beginning. */
  restart(): void;
  /** Puts the parts together. A failure (`infrastructure`) when something could not be written. */
  close(): Promise<Outcome<LimitedLogEnd>>;
}

/** Opens a log, empty. Until it is closed, what comes after the limit is in files beside it, `<path>.tail-<number>`. */
export async function openLimitedLog(
  path: string,
  limitBytes: number,
): Promise<Outcome<LimitedLog>> {
  try {
    // Append mode: after a truncation the next write lands at the start.
    const file = await open(path, 'a');
    await file.truncate(0);
    await removeSegments(path);
    return ok(limitedLog(new LimitedLogFile(path, Math.max(1, limitBytes), file)));
  } catch (error) {
    return systemFailure(`The log ${path} could not be opened`, error, path);
  }
}

/** Does one thing after another. */
function limitedLog(file: LimitedLogFile): LimitedLog {
  let last: Promise<void> = Promise.resolve();
  return {
    append: (chunk) => (last = last.then(() => file.append(chunk))),
    restart: () => void (last = last.then(() => file.restart())),
    close: async () => {
      await last;
      return file.close();
    },
  };
}

/** Up to the limit the log itself is written, so that it can be followed; then two segments, each as long as the tail. */
class LimitedLogFile {
  readonly #path: string;
  readonly #limitBytes: number;
  readonly #log: FileHandle;
  #segment: FileHandle | null = null;
  #segmentNumber = -1;
  #totalBytes = 0;
  #writtenBytes = 0;
  /** What kept the log from being written; nothing is written from then on. */
  #error: Error | null = null;

  constructor(path: string, limitBytes: number, log: FileHandle) {
    this.#path = path;
    this.#limitBytes = limitBytes;
    this.#log = log;
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.#totalBytes += chunk.length;
    await this.#attempt(async () => {
      let rest = chunk;
      while (rest.length > 0) {
        const file = this.#room() === 0 ? await this.#nextSegment() : (this.#segment ?? this.#log);
        const part = rest.subarray(0, this.#room());
        await file.appendFile(part);
        this.#writtenBytes += part.length;
        rest = rest.subarray(part.length);
      }
    });
  }

  async restart(): Promise<void> {
    this.#error = null;
    this.#totalBytes = 0;
    this.#writtenBytes = 0;
    await this.#attempt(async () => {
      await this.#closeSegment();
      this.#segmentNumber = -1;
      await this.#log.truncate(0);
      await removeSegments(this.#path);
    });
  }

  async close(): Promise<Outcome<LimitedLogEnd>> {
    await this.#attempt(() => this.#log.datasync());
    await this.#attempt(() => this.#closeSegment());
    await this.#log.close().catch(() => undefined);
    if (this.#error !== null) return this.#incomplete(this.#error);
    if (this.#segmentNumber < 0) return ok({ totalBytes: this.#totalBytes, leftOutBytes: 0 });
    const assembled = await assembleLimitedLog(this.#path, this.#limitBytes);
    if (!assembled.ok) return assembled;
    return ok(assembled.value ?? { totalBytes: this.#totalBytes, leftOutBytes: 0 });
  }

  /** Bytes that the file in use may still take. */
  #room(): number {
    const { tail } = limitedLogParts(this.#limitBytes);
    return this.#limitBytes + (this.#segmentNumber + 1) * tail - this.#writtenBytes;
  }

  /** The segment before the one that is full holds nothing of the tail any more. */
  async #nextSegment(): Promise<FileHandle> {
    await this.#closeSegment();
    await rm(segmentPath(this.#path, this.#segmentNumber - 1), { force: true });
    this.#segment = await open(segmentPath(this.#path, this.#segmentNumber + 1), 'wx');
    this.#segmentNumber += 1;
    return this.#segment;
  }

  async #closeSegment(): Promise<void> {
    const segment = this.#segment;
    this.#segment = null;
    await segment?.close();
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    if (this.#error !== null) return;
    try {
      await action();
    } catch (error) {
      if (systemErrorCode(error) === null || !(error instanceof Error)) throw error;
      this.#error = error;
    }
  }

  /** What was written stays where it is. */
  #incomplete(error: Error): Outcome<never> {
    const { error: told } = systemFailure(
      `The log ${this.#path} is not complete`,
      error,
      this.#path,
    );
    const missing = this.#totalBytes - this.#writtenBytes;
    const reason = `${told.reason ?? error.message}; ${missing} of ${this.#totalBytes} bytes are missing`;
    return fail(told.kind, told.message, {
      reason,
      location: { file: this.#path },
      ...(told.hint === null ? {} : { hint: told.hint }),
    });
  }
}
