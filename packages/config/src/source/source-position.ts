/** A place in a file: line and column, both from 1; columns count UTF-16 units. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** A place, and where what stands there ends, as far as that is known. */
export interface SourcePlace extends SourcePosition {
  /** Behind its last character; it may be on a later line. */
  readonly end?: SourcePosition;
}

/** Where a file begins: the place of what is wrong with a file as a whole. */
export const startOfFile: SourcePosition = { line: 1, column: 1 };

/** The place of an offset in a text. An offset behind the end counts as the end. */
export function positionAtOffset(text: string, offset: number): SourcePosition {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Orders places from the beginning of the file to its end. */
export function comparePositions(a: SourcePosition, b: SourcePosition): number {
  return a.line - b.line || a.column - b.column;
}
