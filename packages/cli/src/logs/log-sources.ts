import type { LimitMark } from '@pikaci/host';
import type { LogPieces, OutputStream } from '@pikaci/model';

/**
 * Whose bytes of a log are: of a stream of the job's command; pikaci's own, in a host log; pikaci's mark in place of what is
 * left out; or of whom nobody knows.
 */
export type LogSource = OutputStream | 'host' | 'mark' | 'unknown';

/** Bytes of a log file, from `start` to before `end`. */
export interface LogRange {
  readonly start: number;
  readonly end: number;
  readonly source: LogSource;
  /** When the first of them came, in ms since 1970; null when it is not known. */
  readonly atMs: number | null;
}

/** What is known of the bytes of a log file. */
export class LogSources {
  readonly #pieces: LogPieces | null;
  readonly #mark: LimitMark | null;

  /**
   * @param pieces null when the log has no index
   * @param mark null when nothing is left out of the log
   */
  constructor(pieces: LogPieces | null, mark: LimitMark | null) {
    this.#pieces = pieces;
    this.#mark = mark;
  }

  /** False when nothing was recorded of the log. */
  get isRecorded(): boolean {
    return this.#pieces !== null;
  }

  /** Up to where in the file more cannot become known: everything, once the log was put together. */
  get knownEnd(): number {
    return this.#mark === null ? (this.#pieces?.end ?? 0) : Infinity;
  }

  /** The bytes from `start` to before `end`, in order, without a gap. */
  ranges(start: number, end: number): readonly LogRange[] {
    if (this.#mark === null) return this.#shifted(start, end, 0);
    const { at, bytes, leftOutBytes } = this.#mark;
    const behind = at + bytes;
    return [
      ...this.#shifted(start, Math.min(end, at), 0),
      ...rangeOf(Math.max(start, at), Math.min(end, behind), 'mark', null),
      ...this.#shifted(Math.max(start, behind), end, leftOutBytes - bytes),
    ];
  }

  /** Of bytes whose position in the output is the one in the file and so much more. */
  #shifted(start: number, end: number, shift: number): readonly LogRange[] {
    const ranges: LogRange[] = [];
    let next = start;
    for (const piece of this.#pieces?.within(start + shift, end + shift) ?? []) {
      const from = Math.max(start, piece.start - shift);
      const to = Math.min(end, piece.end - shift);
      ranges.push(...rangeOf(next, from, 'unknown', null));
      ranges.push(...rangeOf(from, to, piece.stream, piece.atMs));
      next = to;
    }
    return [...ranges, ...rangeOf(next, end, 'unknown', null)];
  }
}

function rangeOf(
  start: number,
  end: number,
  source: LogSource,
  atMs: number | null,
): readonly LogRange[] {
  return start < end ? [{ start, end, source, atMs }] : [];
}
