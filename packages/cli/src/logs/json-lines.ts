import { formatTimestamp, toSnakeCaseKeys, type LogLine } from '@pikaci/model';
import { jsonText } from '@pikaci/report';
import type { LogFile } from './log-files.js';
import type { PartPrinter, WriteBytes } from './part-printer.js';
import type { LogPart } from './recorded-log.js';

const lineFeed = 0x0a;

/** Longest line in one object, in bytes; one that is longer comes in several. Bounds the memory. */
const longestBytes = 64 * 1024;

/** Prints each line of a log as a JSON object on a line of its own. The lines of both streams are kept apart. */
export function createJsonLines(file: LogFile, write: WriteBytes): PartPrinter {
  const open = new Map<LogPart['source'], OpenLine>();
  const lineOf = (part: LogPart): OpenLine => {
    const known = open.get(part.source);
    if (known !== undefined) return known;
    const line = new OpenLine(file, part);
    open.set(part.source, line);
    return line;
  };
  const printPart = (part: LogPart): string[] => {
    const texts: string[] = [];
    let start = 0;
    while (start < part.bytes.length) {
      const line = lineOf(part);
      const end = part.bytes.indexOf(lineFeed, start) + 1 || part.bytes.length;
      const to = Math.min(end, start + line.room);
      line.add(part.bytes.subarray(start, to));
      start = to;
      if (!line.isOver) continue;
      texts.push(line.text());
      open.delete(part.source);
    }
    return texts;
  };
  const print = async (texts: readonly string[]) => {
    if (texts.length > 0) await write(Buffer.from(texts.join('')));
  };
  return {
    part: (part) => print(printPart(part)),
    end: async () => {
      const texts = [...open.values()].map((line) => line.text());
      open.clear();
      await print(texts);
    },
  };
}

/** A line whose end has not come yet. */
class OpenLine {
  readonly #file: LogFile;
  readonly #source: LogPart['source'];
  readonly #atMs: number | null;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #isEnded = false;

  constructor(file: LogFile, { source, atMs }: LogPart) {
    this.#file = file;
    this.#source = source;
    this.#atMs = atMs;
  }

  /** How much it may still take. */
  get room(): number {
    return longestBytes - this.#bytes;
  }

  get isOver(): boolean {
    return this.#isEnded || this.room === 0;
  }

  add(bytes: Uint8Array): void {
    this.#isEnded = bytes.at(-1) === lineFeed;
    this.#pieces.push(Buffer.from(bytes));
    this.#bytes += bytes.length;
  }

  text(): string {
    const text = Buffer.concat(this.#pieces).toString();
    const { jobId, attempt, kind } = this.#file;
    const source = this.#source;
    const line: LogLine = {
      job: jobId,
      attempt,
      kind,
      stream: source === 'mark' || source === 'unknown' ? null : source,
      time: timeOf(this.#atMs),
      text: this.#isEnded ? text.slice(0, -1) : text,
      isLineEnd: this.#isEnded,
    };
    // Not through the schema, which would take longer than all the rest of it; a test compares.
    return `${jsonText(toSnakeCaseKeys({ schemaVersion: 1, ...line }))}\n`;
  }
}

function timeOf(atMs: number | null): string | null {
  const date = new Date(atMs ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : formatTimestamp(date);
}
