import { open, stat, type FileHandle } from 'node:fs/promises';
import { logIndexLimitBytes, logIndexPath, LogPieces } from '@pikaci/model';
import { ifThere } from './if-there.js';

/** How much is read at a time, in bytes. */
const blockBytes = 64 * 1024;

/** More than an index has, with its mark; what is behind that in a file is not pikaci's. */
const mostBytes = logIndexLimitBytes + blockBytes;

/** The index of one log, read on as it grows. Methods reject with the error of the operating system. */
export class LogIndexFile {
  readonly #path: string;
  readonly #file: FileHandle;
  #pieces = new LogPieces();
  #offset = 0;
  /** The beginning of what was read: no two indexes have the same, as it tells when they were begun. */
  #beginning = Buffer.alloc(0);

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Opens the index of a log and reads what is there; null when there is none that can be understood. */
  static async open(logPath: string): Promise<LogIndexFile | null> {
    const path = logIndexPath(logPath);
    const file = await ifThere(() => open(path, 'r'));
    if (file === null) return null;
    const index = new LogIndexFile(path, file);
    await index.readOn();
    if (index.pieces.header !== null) return index;
    await index.close();
    return null;
  }

  get pieces(): LogPieces {
    return this.#pieces;
  }

  /** Reads what was written since, or all of an index that was written anew. */
  async readOn(): Promise<void> {
    const { size } = await this.#file.stat();
    if (size < this.#offset || !(await this.#beginsAsBefore())) this.startAnew();
    const buffer = Buffer.alloc(Math.min(blockBytes, Math.max(1, size - this.#offset)));
    while (this.#offset < Math.min(size, mostBytes)) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#offset);
      if (bytesRead === 0) return;
      if (this.#offset === 0)
        this.#beginning = Buffer.from(buffer.subarray(0, Math.min(64, bytesRead)));
      this.#offset += bytesRead;
      this.#pieces.push(buffer.toString('latin1', 0, bytesRead));
    }
  }

  /** Forgets what was read, as the log was written anew. */
  startAnew(): void {
    this.#pieces = new LogPieces();
    this.#offset = 0;
  }

  async #beginsAsBefore(): Promise<boolean> {
    const { length } = this.#beginning;
    if (length === 0) return true;
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead).equals(this.#beginning);
  }

  /** True when another file has the path of the index now. */
  async isReplaced(): Promise<boolean> {
    const now = await ifThere(() => stat(this.#path));
    const own = await this.#file.stat();
    return now !== null && (now.ino !== own.ino || now.dev !== own.dev);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
