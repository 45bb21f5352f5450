import { cellsOf, type Cell } from '../text/cells.js';
import { plainStyle, type Style } from '../text/style.js';

/** A place in a line of somebody's file. Columns count UTF-16 units from 1. */
export interface ExcerptPlace {
  readonly sourceLine: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Behind what is meant. */
  readonly endColumn: number;
}

/** Columns for the number of the line: the mark stands below the text of other details for all usual files. */
const numberWidth = 7;

/** The fewest columns that the line itself gets, however narrow the screen is. */
const fewestColumns = 20;

const cut = '…';

/** A line with its number, and below it a mark under the place: two lines, none wider than the screen. */
export function formatExcerpt(
  place: ExcerptPlace,
  columns: number,
  style: Style = plainStyle,
): readonly string[] {
  const number = `${place.line}`.padStart(numberWidth);
  const gutter = `${' '.repeat(number.length)} | `;
  const room = Math.max(fewestColumns, columns - gutter.length - 1);
  const { text, before, width } = window(place, room);
  const mark = `^${'~'.repeat(Math.max(0, width - 1))}`;
  return [
    `${style.dim(`${number} |`)} ${text}`.trimEnd(),
    `${style.dim(gutter.trimEnd())} ${' '.repeat(before)}${style.red(mark)}`,
  ];
}

interface Window {
  readonly text: string;
  /** Columns before the place. */
  readonly before: number;
  /** Columns of the place, as far as it is in the window. */
  readonly width: number;
}

/** As much of the line as there is room for, the beginning of the place in it. */
function window({ sourceLine, column, endColumn }: ExcerptPlace, room: number): Window {
  const cells = cellsOf(sourceLine);
  const first = indexOf(cells, column - 1);
  const behind = Math.max(first + 1, indexOf(cells, endColumn - 1));
  if (widthOf(cells) <= room) {
    return {
      text: textOf(cells),
      before: widthOf(cells.slice(0, first)),
      width: Math.max(1, widthOf(cells.slice(first, behind))),
    };
  }
  const from = firstShown(cells, first, behind, room);
  const left = from === 0 ? '' : cut;
  const shown = taken(cells.slice(from), room - left.length);
  const to = from + shown.length;
  return {
    text: `${left}${textOf(shown)}${to < cells.length ? cut : ''}`,
    before: left.length + widthOf(cells.slice(from, first)),
    width: Math.max(1, widthOf(cells.slice(first, Math.min(behind, to)))),
  };
}

/** The cell that a place begins in: behind the last one for the end of the line. */
function indexOf(cells: readonly Cell[], offset: number): number {
  const next = cells.findIndex(({ start }) => start > offset);
  if (next >= 0) return Math.max(0, next - 1);
  const last = cells.at(-1);
  const isInLast = last !== undefined && offset < last.start + last.length;
  return isInLast ? cells.length - 1 : cells.length;
}

/** The first cell of a window that has the place in its middle, or its beginning near the left when it is long. */
function firstShown(cells: readonly Cell[], first: number, behind: number, room: number): number {
  const spare = room - 2 * cut.length - widthOf(cells.slice(first, behind));
  const wanted = Math.max(Math.floor(room / 4), Math.floor(spare / 2));
  let from = first;
  let columns = 0;
  while (from > 0 && columns + (cells[from - 1]?.width ?? 0) <= wanted) {
    from -= 1;
    columns += cells[from]?.width ?? 0;
  }
  // Near the end of the line there is room to spare on its right side.
  while (from > 0 && widthOf(cells.slice(from - 1)) + cut.length <= room) from -= 1;
  return from;
}

/** As many cells as there is room for, and for the sign that others follow. */
function taken(cells: readonly Cell[], room: number): readonly Cell[] {
  if (widthOf(cells) <= room) return cells;
  let columns = cut.length;
  const end = cells.findIndex(({ width }) => {
    columns += width;
    return columns > room;
  });
  return cells.slice(0, end);
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

function textOf(cells: readonly Cell[]): string {
  return cells.map(({ shown }) => shown).join('');
}
