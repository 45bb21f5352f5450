import { appendFile } from 'node:fs/promises';
import type { Failure } from '@pikaci/model';
import { fileFailure } from './file-failure.js';

/** Most bytes of one log that wait for the disk; what comes beyond is left out, and a line in the log says so. */
export const logBufferLimit = 32 * 1024 * 1024;

/** Appends bytes to a file; tests make it slow or fail. */
export type AppendBytes = (path: string, bytes: Uint8Array) => Promise<void>;

/** Appends to the machine's own file system. */
export const systemAppendBytes: AppendBytes = (path, bytes) => appendFile(path, bytes);

/**
 * A log that takes bytes at any time and never makes its caller wait. One write is under way at a time; all that came
 * meanwhile goes into the next one. A caller cannot be held back, so memory is bounded by {@link logBufferLimit}: it
 * is reached only when the disk stands still.
 */
export class LogFile {
  readonly #path: string;
  readonly #appendBytes: AppendBytes;
  readonly #limit: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #leftOutBytes = 0;
  #writing: Promise<void> | null = null;
  #failure: Failure | null = null;

  constructor(path: string, appendBytes: AppendBytes, limit = logBufferLimit) {
    this.#path = path;
    this.#appendBytes = appendBytes;
    this.#limit = limit;
  }

  /** Takes a chunk, which must not be changed afterwards. */
  append(chunk: Uint8Array): void {
    if (this.#waitingBytes + chunk.length > this.#limit) {
      this.#leftOutBytes += chunk.length;
    } else {
      this.#noteLeftOut();
      this.#push(chunk);
    }
    this.#start();
  }

  /** Resolves when all is written; returns the first thing that went wrong, or null. */
  async flush(): Promise<Failure | null> {
    this.#noteLeftOut();
    this.#start();
    await this.#writing;
    return this.#failure;
  }

  #start(): void {
    if (this.#waiting.length > 0) this.#writing ??= this.#drain();
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const bytes = Buffer.concat(this.#waiting);
      this.#waiting = [];
      // The bytes under way still lie in memory: they count until they are written.
      await this.#write(bytes);
      this.#waitingBytes -= bytes.length;
      if (this.#waiting.length === 0) this.#noteLeftOut();
    }
    this.#writing = null;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#appendBytes(this.#path, bytes);
    } catch (thrown) {
      const detail = { message: `The log ${this.#path} is not complete`, file: this.#path };
      this.#failure ??= fileFailure(detail, thrown);
    }
  }

  #push(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
  }

  #noteLeftOut(): void {
    if (this.#leftOutBytes === 0) return;
    const count = this.#leftOutBytes;
    this.#leftOutBytes = 0;
    this.#push(Buffer.from(`\n[pikaci] ${count} bytes left out here: the disk was too slow\n`));
  }
}
