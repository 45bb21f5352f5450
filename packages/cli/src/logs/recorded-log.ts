import { open, stat, type FileHandle } from 'node:fs/promises';
import { readLimitMark } from '@pikaci/host';
import { ifThere } from './if-there.js';
import type { LogFile } from './log-files.js';
import { LogIndexFile } from './log-index-file.js';
import { LogSources, type LogSource } from './log-sources.js';

/** Bytes of a log that are of one source and one time. */
export interface LogPart {
  /** Not valid any more when another part is asked for. */
  readonly bytes: Uint8Array;
  readonly source: LogSource;
  readonly atMs: number | null;
}

/** Where a log is, and who wrote it. */
type OpenedLog = Pick<LogFile, 'path' | 'kind'>;

/** A log file that is open, with its index when it has one. Methods reject with the error of the operating system. */
export class RecordedLog {
  readonly path: string;
  readonly file: FileHandle;
  readonly #kind: LogFile['kind'];
  #index: LogIndexFile | null;
  #sources = new LogSources(null, null);

  private constructor({ path, kind }: OpenedLog, file: FileHandle, index: LogIndexFile | null) {
    this.path = path;
    this.#kind = kind;
    this.file = file;
    this.#index = index;
  }

  /**
   * Opens a log; null when it is not there.
   *
   * @param withIndex false when nobody asks whose the bytes are
   */
  static async open(of: OpenedLog, withIndex: boolean): Promise<RecordedLog | null> {
    const { path, kind } = of;
    const hasIndex = withIndex && kind === 'guest';
    for (;;) {
      const file = await ifThere(() => open(path, 'r'));
      if (file === null) return null;
      const log = new RecordedLog(of, file, hasIndex ? await LogIndexFile.open(path) : null);
      // Between the two, another attempt may have begun.
      if (!(await log.isReplaced())) {
        await log.#map();
        return log;
      }
      await log.close();
    }
  }

  get sources(): LogSources {
    return this.#sources;
  }

  /** The bytes of a chunk by source. */
  parts(chunk: Uint8Array, offset: number): readonly LogPart[] {
    if (this.#kind === 'host') return [{ bytes: chunk, source: 'host', atMs: null }];
    return this.#sources
      .ranges(offset, offset + chunk.length)
      .map(({ start, end, source, atMs }) => ({
        bytes: chunk.subarray(start - offset, end - offset),
        source,
        atMs,
      }));
  }

  /** True when another file has the path of the log now. */
  async isReplaced(): Promise<boolean> {
    const now = await ifThere(() => stat(this.path));
    const own = await this.file.stat();
    // The open file keeps its number from being used again.
    return now !== null && (now.ino !== own.ino || now.dev !== own.dev);
  }

  /** Reads on in the index. False when the log was replaced meanwhile: then the index has not changed. */
  async readIndex(): Promise<boolean> {
    const index = this.#index;
    if (index === null) return true;
    if (await index.isReplaced()) {
      const next = await LogIndexFile.open(this.path);
      if (await this.isReplaced()) {
        await next?.close();
        return false;
      }
      if (next !== null) {
        await index.close();
        this.#index = next;
      }
    } else {
      await index.readOn();
    }
    await this.#map();
    return true;
  }

  /** Reads the index of a log that was replaced to its end: its own, or the next one's where that is of the same output. */
  async readLastIndex(next: RecordedLog): Promise<void> {
    const own = this.#index?.pieces.header;
    const other = next.#index?.pieces;
    const isSame = other?.header?.startMs === own?.startMs;
    if (isSame && other !== undefined) {
      this.#sources = new LogSources(other, null);
      return;
    }
    await this.#index?.readOn();
    await this.#map();
  }

  /** Reads the index from its beginning, as the log was written anew. */
  async startIndexAnew(): Promise<void> {
    this.#index?.startAnew();
    await this.#index?.readOn();
    await this.#map();
  }

  async close(): Promise<void> {
    await this.file.close();
    await this.#index?.close();
  }

  async #map(): Promise<void> {
    const pieces = this.#index?.pieces ?? null;
    const limitBytes = pieces?.header?.logLimitBytes ?? null;
    // One that is not longer than its limit is whole.
    const isLonger = limitBytes !== null && (await this.file.stat()).size > limitBytes;
    this.#sources = new LogSources(
      pieces,
      isLonger ? await readLimitMark(this.file, limitBytes) : null,
    );
  }
}
