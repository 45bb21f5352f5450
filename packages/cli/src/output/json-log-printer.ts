import type { Session } from '../session.js';
import type { LogPrinter } from './log-printer.js';

/** Prints lines of JSON as they are, or as the elements of one array. */
export interface JsonLogPrinter extends LogPrinter {
  /** Nothing more comes: ends the array. */
  close(): Promise<void>;
}

/** What is given to `bytes` must be whole lines, each one a JSON value. Headings are left out. */
export function createJsonLogPrinter(
  { io }: Pick<Session, 'io'>,
  format: 'json' | 'jsonl',
): JsonLogPrinter {
  const write = (chunk: string | Uint8Array) =>
    new Promise<void>((resolve) => {
      io.stdout.write(chunk, () => resolve());
    });
  const nothing = () => Promise.resolve();
  if (format === 'jsonl') return { heading: nothing, bytes: write, end: nothing, close: nothing };
  let isEmpty = true;
  const bytes = (chunk: Uint8Array) => {
    const lines = Buffer.from(chunk).toString().trimEnd().split('\n');
    const text = `${isEmpty ? '[\n' : ',\n'}${lines.join(',\n')}`;
    isEmpty = false;
    return write(text);
  };
  return { heading: nothing, bytes, end: nothing, close: () => write(isEmpty ? '[]\n' : '\n]\n') };
}
