import { visibleWidth } from './style.js';

/**
 * Rows with their columns aligned, two spaces apart, each line indented; nothing is padded at the end of a line. The
 * further lines of a last cell stand below its first one.
 */
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
    const above =
      visibleWidth(indent) + sum(widths.slice(0, row.length - 1)) + 2 * (row.length - 1);
    return hang(`${indent}${cells.join('  ')}`.trimEnd(), above);
  });
}

function hang(text: string, columns: number): string {
  return text.replaceAll(/\n(?!\n)/gu, `\n${padding(columns)}`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function padding(columns: number): string {
  return ' '.repeat(Math.max(0, columns));
}
