import type { LogFile } from './log-files.js';
import { createJsonLines } from './json-lines.js';
import type { LogNotes } from './log-notes.js';
import type { LogView } from './log-view.js';
import type { LogPart } from './recorded-log.js';
import { createTimestamps } from './timestamps.js';
import { createWholeLines } from './whole-lines.js';

/** Shows the parts of one log. */
export interface PartPrinter {
  part(part: LogPart): Promise<void>;
  /** Nothing more comes, or what comes does not go on with the last line. */
  end(): Promise<void>;
}

/** Takes the bytes that are to be printed. */
export type WriteBytes = (bytes: Uint8Array) => Promise<void>;

/** How a log is printed. */
export interface PartPrinting {
  readonly view: LogView;
  readonly file: LogFile;
  readonly notes: LogNotes;
  /** Hands out no part of a line, as lines of other logs may come next. */
  readonly wholeLines: boolean;
  readonly write: WriteBytes;
}

/** Makes the printer of one log. */
export function createPartPrinter(printing: PartPrinting): PartPrinter {
  const { file, notes } = printing;
  const printer = printerOf(printing);
  return {
    part: async (part) => {
      if (notes.isShown(file, part)) await printer.part(part);
    },
    end: () => printer.end(),
  };
}

function printerOf({ view, file, wholeLines, write }: PartPrinting): PartPrinter {
  if (view.json !== null) return createJsonLines(file, write);
  // Without a stream, whole lines of the log are whole already.
  const lines = wholeLines && view.stream !== null ? createWholeLines(write) : null;
  const out = lines?.write ?? write;
  const part = view.timestamps
    ? createTimestamps(out)
    : ({ bytes }: LogPart): Promise<void> => out(bytes);
  return { part, end: () => lines?.end() ?? Promise.resolve() };
}
