import type { FailureLocation } from '@pikaci/model';
import { startOfFile, type SourcePlace } from './source/source-position.js';

/** What shows a place in its file to people. */
export type SourceExcerpt = Pick<FailureLocation, 'endColumn' | 'sourceLine'>;

/** A longer line was hardly written by hand, and is not carried about. */
const longestLine = 16_384;

/** What stands at a place whose end is not known: a word, or one character. */
const word = /[\w$-]+|[^]/uy;

/** The line of a place, and where what is at fault ends on it. Nothing for what is wrong with a file as a whole. */
export function sourceExcerpt(text: string, place: SourcePlace): SourceExcerpt {
  if (place === startOfFile) return {};
  const sourceLine = text.split(/\r\n|\n|\r/u)[place.line - 1] ?? '';
  const { length } = sourceLine;
  if (sourceLine.trim() === '' || length > longestLine || place.column > length + 1) return {};
  return { endColumn: endColumn(sourceLine, place), sourceLine };
}

function endColumn(line: string, { line: row, column, end }: SourcePlace): number {
  const isEmpty = end === undefined || (end.line === row && end.column <= column);
  if (isEmpty) return column + wordLength(line, column);
  // Of what goes on below, the rest of the line is shown.
  const last = line.trimEnd().length + 1;
  return Math.max(end.line === row ? Math.min(end.column, last) : last, column + 1);
}

function wordLength(line: string, column: number): number {
  word.lastIndex = column - 1;
  return word.exec(line)?.[0].length ?? 1;
}
