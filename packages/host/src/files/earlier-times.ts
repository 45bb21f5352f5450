import { readFile } from 'node:fs/promises';
import { LogPieces, logIndexPath, type OutputStream } from '@pikaci/model';
import { systemErrorCode } from '../system-error.js';

/** So many bytes of a stream that have one time. */
export interface TimedBytes {
  readonly bytes: number;
  readonly atMs: number | null;
}

/**
 * The times of output that is read again from its beginning, as an earlier process had recorded them: each stream brings the
 * same bytes again, in whatever order the two of them come.
 */
export class EarlierTimes {
  /** The next one is the last one. */
  readonly #left: Record<OutputStream, TimedBytes[]> = { stdout: [], stderr: [] };

  private constructor(pieces: LogPieces) {
    let known = 0;
    for (const { start, end, stream, atMs } of pieces.within(0, pieces.end)) {
      // Behind a gap nobody knows how far each stream was.
      if (start !== known) break;
      this.#left[stream].push({ bytes: end - start, atMs });
      known = end;
    }
    this.#left.stdout.reverse();
    this.#left.stderr.reverse();
  }

  /** Reads those of the log that is at a path now. Without an index, or with one that cannot be read, there are none. */
  static async of(logPath: string): Promise<EarlierTimes> {
    const pieces = new LogPieces();
    try {
      pieces.push(await readFile(logIndexPath(logPath), 'latin1'));
    } catch (error) {
      if (systemErrorCode(error) === null) throw error;
    }
    return new EarlierTimes(pieces);
  }

  /** Takes the times of the next bytes of a stream: of fewer than are asked for where the rest has none. */
  take(stream: OutputStream, bytes: number): readonly TimedBytes[] {
    const left = this.#left[stream];
    const taken: TimedBytes[] = [];
    let wanted = bytes;
    while (wanted > 0) {
      const next = left.pop();
      if (next === undefined) break;
      const { atMs } = next;
      const count = Math.min(wanted, next.bytes);
      taken.push({ bytes: count, atMs });
      if (count < next.bytes) left.push({ bytes: next.bytes - count, atMs });
      wanted -= count;
    }
    return taken;
  }
}
