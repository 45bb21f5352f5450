import unicode11 from '@xterm/addon-unicode11';
import xterm, { type IBufferCell } from '@xterm/headless';

/** One line that a terminal has, from its beginning to its end, also when it takes several rows. */
export interface ScreenLine {
  readonly text: string;
  /** What of it has a colour or weight, in order. */
  readonly painted: readonly PaintedText[];
}

/** A text, and how it is painted: `green`, `bold`, `dim red`. */
export interface PaintedText {
  readonly text: string;
  readonly paint: string;
}

/** What a terminal shows, and what has scrolled out of it at the top. */
export interface TerminalScreen {
  /** Takes what a program writes; resolves when it is on the screen. */
  write(bytes: Uint8Array): Promise<void>;
  resize(columns: number, rows: number): void;
  lines(): readonly ScreenLine[];
  /** All lines, without colours. */
  text(): string;
  readonly columns: number;
}

const colourNames = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** A terminal emulator without a window: what is written to it becomes what a person would see. */
export function createTerminalScreen(columns: number, rows: number): TerminalScreen {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback: 1000,
    allowProposedApi: true,
  });
  // Widths of characters as terminals of today have them.
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  const lines = (): readonly ScreenLine[] => {
    const buffer = terminal.buffer.active;
    const found: IBufferCell[][] = [];
    for (let row = 0; row < buffer.length; row += 1) {
      const line = buffer.getLine(row);
      if (line === undefined) continue;
      const cells: IBufferCell[] = [];
      for (let column = 0; column < line.length; column += 1) {
        const cell = line.getCell(column);
        // The second half of a wide character has none of its own.
        if (cell !== undefined && cell.getWidth() > 0) cells.push(cell);
      }
      const above = found.at(-1);
      if (line.isWrapped && above !== undefined) {
        // Left free by a wide character that needed two columns, and there was one.
        if (above.at(-1)?.getChars() === '') above.pop();
        above.push(...cells);
      } else found.push(cells);
    }
    const all = found.map(lineOf);
    while (all.at(-1)?.text === '') all.pop();
    return all;
  };
  return {
    write: (bytes) => new Promise((resolve) => terminal.write(bytes, resolve)),
    resize: (newColumns, newRows) => terminal.resize(newColumns, newRows),
    lines,
    text: () =>
      lines()
        .map(({ text }) => text)
        .join('\n'),
    get columns() {
      return terminal.cols;
    },
  };
}

function lineOf(cells: readonly IBufferCell[]): ScreenLine {
  const painted: PaintedText[] = [];
  let text = '';
  let before = '';
  for (const cell of cells) {
    const chars = cell.getChars() === '' ? ' ' : cell.getChars();
    const paint = paintOf(cell);
    text += chars;
    const last = painted.at(-1);
    if (paint !== '' && paint === before && last !== undefined) {
      painted[painted.length - 1] = { paint, text: last.text + chars };
    } else if (paint !== '') painted.push({ paint, text: chars });
    before = paint;
  }
  return { text: text.trimEnd(), painted };
}

function paintOf(cell: IBufferCell): string {
  const colour = cell.isFgPalette() ? (colourNames[cell.getFgColor()] ?? 'other') : '';
  const weights = [cell.isBold() !== 0 ? 'bold' : '', cell.isDim() !== 0 ? 'dim' : ''];
  return [...weights, colour].filter((part) => part !== '').join(' ');
}
