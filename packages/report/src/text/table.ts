import { visibleWidth } from './style.js';

/** Rows with their columns aligned, two spaces apart, each line indented; nothing is padded at the end of a line. */
export function alignColumns(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, visibleWidth(cell));
    });
  }
  return rows.map((row) => {
    const cells = row.map(
      (cell, column) => cell + padding((widths[column] ?? 0) - visibleWidth(cell)),
    );
    return `${indent}${cells.join('  ')}`.trimEnd();
  });
}

function padding(columns: number): string {
  return ' '.repeat(Math.max(0, columns));
}
