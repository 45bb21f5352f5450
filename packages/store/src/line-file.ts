import { open, type FileHandle } from 'node:fs/promises';
import { ok, reachFaultPoint, type Outcome } from '@pikaci/model';
import { attempt } from './file-failure.js';

/**
 * A file of JSON objects, one a line, that only grows. Each line is one append (O_APPEND) in the order of the calls.
 *
 * Lines are not synced one by one: an event is a report of what the records say, and the records are synced. All of
 * them are synced at `close`. A line that could not be written whole is taken out again, so that the next one does not
 * continue it; a reader still has to expect a torn last line, after a crash.
 */
export class LineFile {
  readonly #path: string;
  #handle: FileHandle | null = null;
  #size = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  append(value: unknown): Promise<Outcome<void>> {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    return this.#enqueue(() => this.#appendBytes(line));
  }

  close(): Promise<Outcome<void>> {
    return this.#enqueue(async () => {
      const handle = this.#handle;
      this.#handle = null;
      if (handle === null) return;
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  }

  #enqueue(operation: () => Promise<void>): Promise<Outcome<void>> {
    const result = this.#last.then(() =>
      attempt({ message: `The file ${this.#path} cannot be written`, file: this.#path }, operation),
    );
    this.#last = result.catch(() => ok(undefined));
    return result;
  }

  async #appendBytes(line: Buffer): Promise<void> {
    const handle = (this.#handle ??= await this.#open());
    try {
      await handle.appendFile(line);
      await reachFaultPoint('store.event-appended');
      this.#size += line.length;
    } catch (thrown) {
      await handle.truncate(this.#size).catch(() => undefined);
      throw thrown;
    }
  }

  async #open(): Promise<FileHandle> {
    const handle = await open(this.#path, 'a', 0o644);
    this.#size = (await handle.stat()).size;
    return handle;
  }
}
