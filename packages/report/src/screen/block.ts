import { visibleWidth } from '../text/style.js';

const escape = String.fromCharCode(27);
const clearRest = `${escape}[K`;

/** The block at the bottom of a screen as it was drawn; the cursor stands at the beginning of the row below it. */
export interface DrawnBlock {
  readonly lines: readonly string[];
  /** The terminal's width then. */
  readonly columns: number;
}

/** How many rows a block takes on a terminal that has this width now: what no longer fits goes on in the next row. */
export function blockRows({ lines, columns }: DrawnBlock, now: number): number {
  if (now >= columns) return lines.length;
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(visibleWidth(line) / now)), 0);
}

/**
 * What turns a block into the next one, row by row, so that nothing else is touched: rows that are the same are not
 * written. Null when that cannot be done, because there were other rows.
 */
export function blockChange(drawn: DrawnBlock, next: DrawnBlock): string | null {
  if (drawn.columns !== next.columns || drawn.lines.length !== next.lines.length) return null;
  const bottom = next.lines.length;
  let row = bottom;
  let change = '';
  next.lines.forEach((line, index) => {
    if (line === drawn.lines[index]) return;
    change += `${moveBy(index - row)}\r${line}${clearRest}`;
    row = index;
  });
  return change === '' ? '' : `${change}${moveBy(bottom - row)}\r`;
}

function moveBy(rows: number): string {
  if (rows === 0) return '';
  return rows < 0 ? `${escape}[${-rows}A` : `${escape}[${rows}B`;
}
