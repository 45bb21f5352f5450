import type { OutputStream } from '../ports/runtime.js';

/**
 * Most bytes of the index of one log. Of a longer one the head and the tail are kept, a half each, as of a log; twice as
 * much is on disk while it is written.
 */
export const logIndexLimitBytes = 4 * 1024 * 1024;

/** How long one entry takes in what a stream brings, in ms: the precision of its time. */
export const logIndexGrainMs = 100;

/** What the first line of an index says. */
export interface LogIndexHeader {
  /** The limit of the log, in bytes: tells where its mark stands when it went over that. */
  readonly logLimitBytes: number;
  /** When the log was begun, in ms since 1970: what times of entries are counted from. */
  readonly startMs: number;
}

/**
 * One piece of the output, from where the entry before it ends. Positions are of all that was given to the log, also of
 * what is left out of it later, with secrets masked.
 */
export interface LogIndexEntry {
  readonly stream: OutputStream;
  /** Position behind the last byte. */
  readonly end: number;
  /** When the first byte came, in ms since 1970; null when it is not known, as of output that was read again. */
  readonly atMs: number | null;
}

/** Path of the index of a log: beside it. A log of an earlier version has none. */
export function logIndexPath(logPath: string): string {
  return `${logPath}.index`;
}

/** The first line of an index, e.g. `pikaci-log-index 1 268435456 1772841601000;`. */
export function formatLogIndexHeader({ logLimitBytes, startMs }: LogIndexHeader): string {
  return `pikaci-log-index 1 ${logLimitBytes} ${startMs};\n`;
}

const letters = { stdout: 'o', stderr: 'e' } as const;

/**
 * A line for one piece, e.g. `o 4096 250;`: the stream's letter, where it ends, and its time in ms since the start, or `-`.
 * Its first and its last character tell it from a part of a line.
 */
export function formatLogIndexEntry(entry: LogIndexEntry, { startMs }: LogIndexHeader): string {
  const time = entry.atMs === null ? '-' : String(entry.atMs - startMs);
  return `${letters[entry.stream]} ${entry.end} ${time};\n`;
}

const headerPattern = /^pikaci-log-index 1 (\d{1,15}) (\d{1,15});$/u;

/** Null for a line that is no header of this version. */
export function parseLogIndexHeader(line: string): LogIndexHeader | null {
  const found = headerPattern.exec(line);
  return found === null ? null : { logLimitBytes: Number(found[1]), startMs: Number(found[2]) };
}

const entryPattern = /^([oe]) (\d{1,15}) (-|-?\d{1,15});$/u;

/** Null for a line that is no entry: a part of one, or the mark in place of what is left out. */
export function parseLogIndexEntry(
  line: string,
  { startMs }: LogIndexHeader,
): LogIndexEntry | null {
  const found = entryPattern.exec(line);
  if (found === null) return null;
  const stream = found[1] === 'o' ? 'stdout' : 'stderr';
  const atMs = found[3] === '-' ? null : startMs + Number(found[3]);
  return { stream, end: Number(found[2]), atMs };
}
