import { systemFailure } from '@pikaci/host';
import { ok, type Outcome, type RunRecord } from '@pikaci/model';
import type { LogPrinter } from '../output/log-printer.js';
import { startOfLastLines, type CountedBytes } from './last-lines.js';
import type { LogFile } from './log-files.js';
import type { LogNotes } from './log-notes.js';
import { needsIndex, type LogView } from './log-view.js';
import { createPartPrinter } from './part-printer.js';
import { RecordedLog } from './recorded-log.js';
import { streamUnknown } from './stream-unknown.js';

/** Logs that are to be printed, and how. */
export interface LogsToPrint {
  readonly run: Pick<RunRecord, 'runId'>;
  readonly printer: LogPrinter;
  readonly files: readonly LogFile[];
  readonly view: LogView;
  readonly notes: LogNotes;
  /** Only so many lines of the end of each; null: all of it. */
  readonly tail: number | null;
}

/**
 * Prints log files one after the other, with headings when there are more than one. Nothing is printed when a stream is wanted
 * and that of a log was not recorded: a failure (`selection`).
 */
export async function printLogs(wanted: LogsToPrint): Promise<Outcome<void>> {
  const { printer, files, view } = wanted;
  for (const file of view.stream === null ? [] : files) {
    const known = await withLog(file, view, (log) => streamUnknown(wanted.run, file, log));
    if (!known.ok) return known;
  }
  for (const file of files) {
    if (files.length > 1 && view.json === null) await printer.heading(file.title);
    const printed = await withLog(file, view, (log) => printLog(wanted, file, log));
    if (!printed.ok) return printed;
  }
  return ok(undefined);
}

async function printLog(
  { printer, view, notes, tail }: LogsToPrint,
  file: LogFile,
  log: RecordedLog,
): Promise<Outcome<void>> {
  const write = (bytes: Uint8Array) => printer.bytes(bytes);
  const parts = createPartPrinter({ view, file, notes, wholeLines: false, write });
  let offset = tail === null ? 0 : await startOfLastLines(log.file, tail, countedBytes(log, view));
  const stream = log.file.createReadStream({ start: offset, autoClose: false });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (const part of log.parts(chunk, offset)) await parts.part(part);
    offset += chunk.length;
  }
  await parts.end();
  await printer.end();
  return ok(undefined);
}

/** The bytes that make the lines of a view; undefined for all. */
export function countedBytes(
  { sources }: RecordedLog,
  { stream }: LogView,
): CountedBytes | undefined {
  if (stream === null) return undefined;
  return (start: number, end: number) =>
    sources.ranges(start, end).filter(({ source }) => source === stream || source === 'host');
}

/** A job that never started has no logs. */
async function withLog(
  file: LogFile,
  view: LogView,
  action: (log: RecordedLog) => Promise<Outcome<void>>,
): Promise<Outcome<void>> {
  try {
    const log = await RecordedLog.open(file, needsIndex(view));
    if (log === null) return ok(undefined);
    try {
      return await action(log);
    } finally {
      await log.close();
    }
  } catch (thrown) {
    return unreadableLog(file, thrown);
  }
}

/** The failure for a log that is there and cannot be read. */
export function unreadableLog(file: LogFile, thrown: unknown): Outcome<never> {
  return systemFailure(`The log of ${file.title} cannot be read`, thrown, file.path);
}
