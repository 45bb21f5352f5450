import type { OutputStream } from '../ports/runtime.js';
import {
  parseLogIndexEntry,
  parseLogIndexHeader,
  type LogIndexEntry,
  type LogIndexHeader,
} from './log-index.js';

/** Bytes of a job's output, from `start` to before `end`, of one stream and one time. Positions as in {@link LogIndexEntry}. */
export interface LogPiece {
  readonly start: number;
  readonly end: number;
  readonly stream: OutputStream;
  readonly atMs: number | null;
}

/** Longest line that is one; what is longer is no index. */
const longestLine = 1000;

/**
 * What an index says, read as it grows. Whatever is no line of an index leaves a gap, of which nothing is known: what is
 * left out of a long index, or a line that was cut. A line without its end is not read yet.
 */
export class LogPieces {
  /** By position; they do not overlap. */
  readonly #pieces: LogPiece[] = [];
  #header: LogIndexHeader | null = null;
  #isHeaderRead = false;
  #rest = '';
  /** Where the next entry begins; null behind a gap. */
  #next: number | null = 0;

  /** Null until the first line was read, and for a file that is no index of a known version. */
  get header(): LogIndexHeader | null {
    return this.#header;
  }

  /** Position behind the last piece. */
  get end(): number {
    return this.#pieces.at(-1)?.end ?? 0;
  }

  /** Reads on. */
  push(text: string): void {
    const lines = (this.#rest + text).split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
    // Its beginning is enough to see later that it is no line.
    this.#rest = rest.slice(0, longestLine);
  }

  /** The pieces that hold bytes from `start` to before `end`, in order. They may reach further. */
  within(start: number, end: number): readonly LogPiece[] {
    const from = this.#firstEndingAfter(start);
    let to = from;
    while (to < this.#pieces.length && (this.#pieces[to]?.start ?? end) < end) to += 1;
    return this.#pieces.slice(from, to);
  }

  #line(line: string): void {
    if (!this.#isHeaderRead) {
      this.#isHeaderRead = true;
      this.#header = parseLogIndexHeader(line);
    } else if (this.#header !== null) {
      this.#entry(parseLogIndexEntry(line, this.#header));
    }
  }

  #entry(entry: LogIndexEntry | null): void {
    if (entry === null || entry.end <= this.end) {
      this.#next = null;
      return;
    }
    const { stream, end, atMs } = entry;
    if (this.#next !== null) this.#pieces.push({ start: this.#next, end, stream, atMs });
    this.#next = end;
  }

  /** Index of the first piece that ends behind a position. */
  #firstEndingAfter(position: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle]?.end ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
