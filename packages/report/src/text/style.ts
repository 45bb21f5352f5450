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
}

const escape = String.fromCharCode(27);

/** Colours as SGR sequences, or none. */
export function createStyle(color: boolean): Style {
  const paint = (on: number, off: number) => (text: string) =>
    color ? `${escape}[${on}m${text}${escape}[${off}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    magenta: paint(35, 39),
  };
}

/** Text without colours: for pipes, files and tests. */
export const plainStyle: Style = createStyle(false);

const sgr = new RegExp(`${escape}\\[[\\d;:]*m`, 'gu');

/** How many columns a text takes, colours not counted. One column a character, which holds for pikaci's own text. */
export function visibleWidth(text: string): number {
  return Array.from(text.replace(sgr, '')).length;
}

/** The text, cut to at most so many columns. Text with colours is not cut inside a sequence: it is cut before painting. */
export function truncate(text: string, columns: number): string {
  const characters = Array.from(text);
  if (characters.length <= columns) return text;
  return columns < 1 ? '' : `${characters.slice(0, columns - 1).join('')}…`;
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
      const characters = Array.from(part);
      const kept = characters.slice(0, Math.max(0, room)).join('');
      const isCut = room >= 0 && characters.length > room;
      room = isCut ? -1 : room - characters.length;
      return `${kept}${isCut ? '…' : ''}${colours[index] ?? ''}`;
    })
    .join('');
}
