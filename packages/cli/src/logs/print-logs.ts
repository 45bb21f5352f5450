import { open } from 'node:fs/promises';
import { systemErrorCode, systemFailure } from '@pikaci/host';
import { ok, type Outcome } from '@pikaci/model';
import type { LogPrinter } from '../output/log-printer.js';
import { startOfLastLines } from './last-lines.js';
import type { LogFile } from './log-files.js';

/**
 * Prints log files one after the other, with headings when there are more than one.
 *
 * @param tail only so many lines of the end of each; null: all of it
 */
export async function printLogs(
  printer: LogPrinter,
  files: readonly LogFile[],
  tail: number | null,
): Promise<Outcome<void>> {
  for (const file of files) {
    if (files.length > 1) await printer.heading(file.title);
    const printed = await printFile(printer, file, tail);
    if (!printed.ok) return printed;
  }
  return ok(undefined);
}

async function printFile(
  printer: LogPrinter,
  file: LogFile,
  tail: number | null,
): Promise<Outcome<void>> {
  try {
    const handle = await open(file.path, 'r');
    try {
      const start = tail === null ? 0 : await startOfLastLines(handle, tail);
      for await (const chunk of handle.createReadStream({ start, autoClose: false })) {
        await printer.bytes(chunk as Buffer);
      }
    } finally {
      await handle.close();
    }
    await printer.end();
    return ok(undefined);
  } catch (thrown) {
    // A job that never started has no logs.
    if (isMissing(thrown)) return ok(undefined);
    return unreadableLog(file, thrown);
  }
}

/** True for the error of a file that is not there. */
export function isMissing(thrown: unknown): boolean {
  return systemErrorCode(thrown) === 'ENOENT';
}

/** The failure for a log that is there and cannot be read. */
export function unreadableLog(file: LogFile, thrown: unknown): Outcome<never> {
  return systemFailure(`The log of ${file.title} cannot be read`, thrown, file.path);
}
