import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { formatByteSize, ok, type Outcome } from '@pikaci/model';
import { systemFailure } from '../system-error.js';
import {
  limitedLogParts,
  listSegments,
  removeSegments,
  type LogSegment,
} from './limited-log-segments.js';
import { temporaryPath } from './write-file-atomically.js';

/** How much a log was given, and how much of it is not in the file. */
export interface LimitedLogEnd {
  readonly totalBytes: number;
  readonly leftOutBytes: number;
}

/** Bytes of a file, from `start` to before `end`. */
interface FileRange {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Makes one file of a log that went over its limit and the segments beside it: head, mark, tail. The log is replaced as a
 * whole, so that this can be done again after any crash, also for the log of a process that was killed. Null when
 * there are no segments: then the log is whole, or is assembled already.
 */
export async function assembleLimitedLog(
  path: string,
  limitBytes: number,
): Promise<Outcome<LimitedLogEnd | null>> {
  try {
    const segments = await listSegments(path);
    const last = segments.at(-1);
    // A log with segments has exactly as many bytes as it may have; one that was assembled has more.
    if (last === undefined || (await stat(path)).size !== limitBytes) {
      await removeSegments(path);
      return ok(null);
    }
    return ok(await assemble(path, limitBytes, segments, last));
  } catch (error) {
    return systemFailure(`The log ${path} could not be put together`, error, path);
  }
}

async function assemble(
  path: string,
  limitBytes: number,
  segments: readonly LogSegment[],
  last: LogSegment,
): Promise<LimitedLogEnd> {
  const parts = limitedLogParts(limitBytes);
  const totalBytes = limitBytes + last.number * parts.tail + last.bytes;
  const leftOutBytes = totalBytes - limitBytes;
  const temporary = temporaryPath(path);
  const file = await open(temporary, 'wx');
  try {
    await copyRange(file, { path, start: 0, end: parts.head });
    await file.appendFile(limitMark(leftOutBytes, limitBytes));
    for (const range of tailRanges(path, limitBytes, segments)) await copyRange(file, range);
    await file.datasync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
  await removeSegments(path);
  return { totalBytes, leftOutBytes };
}

/** The line in place of what is left out. */
export function limitMark(leftOutBytes: number, limitBytes: number): string {
  const limit = formatByteSize(limitBytes);
  return `\n[pikaci] … ${leftOutBytes} bytes left out here (the limit of the log is ${limit}) …\n`;
}

/** Longer than any mark. */
const mostMarkBytes = 200;

/** The mark in a log that is not whole. */
export interface LimitMark {
  /** Where it stands, in bytes from the start of the file. */
  readonly at: number;
  /** How long it is. */
  readonly bytes: number;
  /** How many bytes it stands for. */
  readonly leftOutBytes: number;
}

/**
 * Where, in bytes, the mark stands in a log that was put together of one that had reached its limit; null when it was not.
 * Before the mark both have the same bytes.
 *
 * @param limitBytes how many bytes the log had before
 */
export async function findLimitMark(
  log: Pick<FileHandle, 'read'>,
  limitBytes: number,
): Promise<number | null> {
  return (await readLimitMark(log, limitBytes))?.at ?? null;
}

/** The mark that {@link findLimitMark} finds. */
export async function readLimitMark(
  log: Pick<FileHandle, 'read'>,
  limitBytes: number,
): Promise<LimitMark | null> {
  const { head } = limitedLogParts(limitBytes);
  const { buffer, bytesRead } = await log.read(Buffer.alloc(mostMarkBytes), 0, mostMarkBytes, head);
  const text = buffer.toString('utf8', 0, bytesRead);
  const leftOutBytes = Number(/^\n\[pikaci\] … (\d+) bytes/u.exec(text)?.[1]);
  const mark = limitMark(leftOutBytes, limitBytes);
  return text.startsWith(mark) ? { at: head, bytes: Buffer.byteLength(mark), leftOutBytes } : null;
}

/** Where the last bytes lie: in the last segment, and before that in the one before it, or in the log. */
function tailRanges(
  path: string,
  limitBytes: number,
  segments: readonly LogSegment[],
): readonly FileRange[] {
  const ranges: FileRange[] = [];
  let wanted = limitedLogParts(limitBytes).tail;
  for (const source of [...segments.toReversed(), { path, bytes: limitBytes }]) {
    const taken = Math.min(wanted, source.bytes);
    ranges.unshift({ path: source.path, start: source.bytes - taken, end: source.bytes });
    wanted -= taken;
  }
  return ranges;
}

async function copyRange(to: FileHandle, { path, start, end }: FileRange): Promise<void> {
  if (start === end) return;
  for await (const chunk of createReadStream(path, { start, end: end - 1 })) {
    await to.appendFile(chunk as Buffer);
  }
}
