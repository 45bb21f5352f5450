import {
  describeFailure,
  formatLogIndexEntry,
  formatLogIndexHeader,
  logIndexGrainMs,
  logIndexLimitBytes,
  logIndexPath,
  ok,
  type Clock,
  type LogIndexHeader,
  type Outcome,
  type OutputStream,
  type Timer,
} from '@pikaci/model';
import { EarlierTimes } from './earlier-times.js';
import { openLimitedLog, type LimitedLog } from './limited-log.js';

/** A log whose index is to be written, and the time. */
export interface IndexedLogPlace {
  readonly path: string;
  /** The limit of the log, in bytes. */
  readonly limitBytes: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly timer: Timer;
  /** True when an earlier process has begun the log of the same output, which comes again: its times are kept. */
  readonly goesOn?: boolean;
}

/** How many bytes of entries wait at most for the next write. */
const mostWaitingBytes = 16 * 1024;

/** The piece that still grows. */
interface OpenPiece {
  readonly stream: OutputStream;
  readonly atMs: number | null;
}

/**
 * Writes the index of a log: one entry for what a stream brings within 100 ms, written when these are over, and no more
 * in memory than a few kilobytes. The index is limited as a log is.
 */
export class LogIndexWriter {
  readonly #file: LimitedLog;
  readonly #place: IndexedLogPlace;
  #header: LogIndexHeader;
  #piece: OpenPiece | null = null;
  #end = 0;
  #waiting = '';
  #hasTimes = true;
  #stopTimer: (() => void) | null = null;
  #earlier: EarlierTimes | null;

  private constructor(file: LimitedLog, place: IndexedLogPlace, earlier: EarlierTimes | null) {
    this.#file = file;
    this.#earlier = earlier;
    this.#place = place;
    this.#header = headerOf(place);
  }

  /** Opens the index, empty but for its header. */
  static async open(place: IndexedLogPlace): Promise<Outcome<LogIndexWriter>> {
    const earlier = place.goesOn === true ? await EarlierTimes.of(place.path) : null;
    const file = await openLimitedLog(logIndexPath(place.path), logIndexLimitBytes);
    if (!file.ok) return file;
    const writer = new LogIndexWriter(file.value, place, earlier);
    await writer.#writeHeader();
    return ok(writer);
  }

  /** Notes so many bytes that the log is given. Whoever waits for a promise that is returned keeps the memory bounded. */
  note(stream: OutputStream, bytes: number): void | Promise<void> {
    if (bytes === 0) return undefined;
    let left = bytes;
    for (const timed of this.#earlier?.take(stream, bytes) ?? []) {
      this.#grow(stream, timed.bytes, timed.atMs);
      left -= timed.bytes;
    }
    if (left > 0) this.#grow(stream, left, this.#place.clock.now().getTime());
    if (this.#waiting.length >= mostWaitingBytes) return this.#write();
    this.#stopTimer ??= this.#place.timer.after(logIndexGrainMs, () => void this.#write());
    return undefined;
  }

  /** Begins anew, without times: what is written to the log now came before. */
  restart(): void {
    this.#cancelTimer();
    this.#piece = null;
    this.#end = 0;
    this.#waiting = '';
    this.#hasTimes = false;
    this.#earlier = null;
    // Tells whoever reads it that it is another one.
    this.#header = headerOf(this.#place);
    this.#file.restart();
    void this.#writeHeader();
  }

  /** Why the index is not complete; null when it is. */
  async close(): Promise<string | null> {
    void this.#write();
    const closed = await this.#file.close();
    return closed.ok ? null : describeFailure(closed.error);
  }

  #grow(stream: OutputStream, bytes: number, atMs: number | null): void {
    if (this.#piece !== null && !continues(this.#piece, stream, atMs)) this.#closePiece();
    this.#piece ??= { stream, atMs };
    this.#end += bytes;
  }

  #write(): Promise<void> {
    this.#cancelTimer();
    this.#closePiece();
    const text = this.#waiting;
    this.#waiting = '';
    return text === '' ? Promise.resolve() : this.#file.append(Buffer.from(text));
  }

  #closePiece(): void {
    if (this.#piece === null) return;
    const { stream, atMs } = this.#piece;
    const entry = { stream, end: this.#end, atMs: this.#hasTimes ? atMs : null };
    this.#waiting += formatLogIndexEntry(entry, this.#header);
    this.#piece = null;
  }

  #writeHeader(): Promise<void> {
    return this.#file.append(Buffer.from(formatLogIndexHeader(this.#header)));
  }

  #cancelTimer(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
  }
}

function headerOf({ limitBytes, clock }: IndexedLogPlace): LogIndexHeader {
  return { logLimitBytes: limitBytes, startMs: clock.now().getTime() };
}

function continues(piece: OpenPiece, stream: OutputStream, atMs: number | null): boolean {
  if (piece.stream !== stream) return false;
  if (piece.atMs === null || atMs === null) return piece.atMs === atMs;
  const ageMs = atMs - piece.atMs;
  return ageMs >= 0 && ageMs < logIndexGrainMs;
}
