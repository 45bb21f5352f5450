/** Most that is kept, and shown. */
const mostBytes = 4096;
const mostLines = 10;

/** Keeps the end of what is printed, for a message to show: at most 10 lines of the last 4 KiB. */
export class LastLines {
  #bytes = Buffer.alloc(0);

  add(chunk: Uint8Array): void {
    const all = Buffer.concat([this.#bytes, chunk]);
    this.#bytes = all.subarray(Math.max(0, all.length - mostBytes));
  }

  /** The last lines, of which the first one may lack its beginning; without a line end. */
  text(): string {
    return this.#bytes.toString('utf8').trimEnd().split('\n').slice(-mostLines).join('\n').trim();
  }
}
