/** A place in a file: line and column, both from 1; columns count UTF-16 units. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** Where a file begins. */
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
