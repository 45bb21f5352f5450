import { richSymbols, type Symbols } from './symbols.js';
import { cutToWidth, textWidth } from './width.js';

/** Gives a text its colour. */
export type Paint = (text: string) => string;

/** Colours of the text pikaci writes itself; each returns its text unchanged where colour is off. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly magenta: Paint;
  readonly symbols: Symbols;
}

const escape = String.fromCharCode(27);

/** Colours as SGR sequences, or none; and the signs that the terminal can show. */
export function createStyle(color: boolean, symbols: Symbols = richSymbols): Style {
  const paint = (on: number, off: number) => (text: string) =>
    color ? `${escape}[${on}m${text}${escape}[${off}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    magenta: paint(35, 39),
    symbols,
  };
}

/** Text without colours: for pipes, files and tests. */
export const plainStyle: Style = createStyle(false);

const sgr = new RegExp(`${escape}\\[[\\d;:]*m`, 'gu');

/** How many columns a text takes, colours not counted. */
export function visibleWidth(text: string): number {
  return textWidth(withoutColours(text));
}

/** The text alone. */
export function withoutColours(text: string): string {
  return text.includes(escape) ? text.replace(sgr, '') : text;
}

/** The text, cut to at most so many columns. Text with colours is not cut inside a sequence: it is cut before painting. */
export function truncate(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${cutToWidth(text, columns - 1)}…`;
}

/** The text, cut to at most so many visible columns. Colours are kept, also those that end behind the cut. */
export function truncateVisible(text: string, columns: number): string {
  if (visibleWidth(text) <= columns) return text;
  if (columns < 1) return '';
  let room = columns - 1;
  const parts = text.split(sgr);
  const colours = text.match(sgr) ?? [];
  return parts
    .map((part, index) => {
      const kept = room < 0 ? '' : cutToWidth(part, room);
      const isCut = room >= 0 && kept !== part;
      room = isCut ? -1 : room - textWidth(part);
      return `${kept}${isCut ? '…' : ''}${colours[index] ?? ''}`;
    })
    .join('');
}
