import type { FileHandle } from 'node:fs/promises';
import { type TextDecoder } from 'node:util';
import { systemErrorCode } from '@pikaci/host';
import { reportLimits } from '@pikaci/paths';
import { JunitParser } from './junit/junit-parser.js';
import type { ReadTest } from './junit/read-test.js';
import { ReportProblem } from './report-problem.js';
import { xmlDecoder } from './text/xml-decoder.js';

const chunkBytes = 64 * 1024;

/** What became of the reading of a report. */
export interface ReadFile {
  /** How long the tests took; null when the report does not tell. */
  readonly seconds: number | null;
  /** Why it was not read to its end, as the end of `<report> was not read: …`; null when it was. */
  readonly problem: string | null;
}

/** Reads a report from an open file. Whatever is in it: it ends, and throws nothing. */
export async function readReportFile(
  file: FileHandle,
  onTest: (test: ReadTest) => void,
  signal: AbortSignal,
): Promise<ReadFile> {
  const parser = new JunitParser(onTest);
  try {
    await feed(parser, file, signal);
    return { seconds: parser.seconds, problem: null };
  } catch (error) {
    return { seconds: parser.seconds, problem: problemOf(error) };
  }
}

async function feed(parser: JunitParser, file: FileHandle, signal: AbortSignal): Promise<void> {
  const buffer = Buffer.alloc(chunkBytes);
  let decoder: TextDecoder | null = null;
  let total = 0;
  for (;;) {
    if (signal.aborted) throw new ReportProblem('the run was stopped');
    const { bytesRead } = await file.read(buffer, 0, chunkBytes, null);
    total += bytesRead;
    if (total === 0) throw new ReportProblem('it is empty');
    if (total > reportLimits.each) throw new ReportProblem('it is too large');
    const chunk = buffer.subarray(0, bytesRead);
    decoder ??= decoderFor(chunk);
    parser.write(decoder.decode(chunk, { stream: bytesRead > 0 }));
    if (bytesRead === 0) break;
  }
  parser.end();
}

function decoderFor(head: Uint8Array): TextDecoder {
  const found = xmlDecoder(head);
  if (found.decoder === null) {
    throw new ReportProblem(`its encoding ${found.encoding} is not known`);
  }
  return found.decoder;
}

/** What the XML parser throws that is no problem it knows is a problem of the report as well. */
function problemOf(error: unknown): string {
  if (error instanceof ReportProblem) return error.message;
  const code = systemErrorCode(error);
  if (code !== null) return `it cannot be read (${code})`;
  return `its XML cannot be read (${error instanceof Error ? error.message : String(error)})`;
}
