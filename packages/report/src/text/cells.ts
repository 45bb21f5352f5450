import { eastAsianWidth } from 'get-east-asian-width';
import { neutraliseLine } from '../output/neutralise.js';

/** What a reader takes for one character of a line, as a screen shows it. */
export interface Cell {
  /** Where it begins in the line, in UTF-16 units from 0. */
  readonly start: number;
  /** Its UTF-16 units there. */
  readonly length: number;
  /** What is written for it: harmless, and without tabs. */
  readonly shown: string;
  /** Columns that it takes. */
  readonly width: number;
}

/** Columns from one tab stop to the next. */
const tabWidth = 4;

/** Made when it is needed: it takes longer than all else that is loaded for it. */
const segmenterOf = () => new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What takes no column by itself: marks, joiners, and other characters that are only instructions. */
const widthless = /^[\p{Mark}\p{Format}]+$/u;

/** A picture that has colours although its character alone may have none. */
const colourPicture = /\p{Emoji_Presentation}|\ufe0f/u;

/** A line in cells. Controls become pictures, tabs the blanks up to the next tab stop, and what a CI service obeys is defused. */
export function cellsOf(line: string): readonly Cell[] {
  let column = 0;
  return [...segmenterOf().segment(line)].map(({ segment, index }) => {
    const { length } = segment;
    const cell = { start: index, length, ...shownAs(line, segment, index, column) };
    column += cell.width;
    return cell;
  });
}

function shownAs(
  line: string,
  segment: string,
  index: number,
  column: number,
): Pick<Cell, 'shown' | 'width'> {
  if (segment === '\t') {
    const width = tabWidth - (column % tabWidth);
    return { shown: ' '.repeat(width), width };
  }
  // `##[…` and `##vso[…` are commands of CI services.
  const isCommand = /##(?:vso)?$/u.test(line.slice(0, index)) && segment === '[';
  if (isCommand) return { shown: '\\[', width: 2 };
  // One by one, so that what begins a control sequence takes nothing else with it.
  const shown = Array.from(segment, harmless).join('');
  return { shown, width: widthOf(shown) };
}

const escape = '\u001b';

/** In place of a control that is taken out elsewhere, with what it begins: here each character is to be seen. */
const unknownPicture = '\ufffd';

function harmless(character: string): string {
  if (character === escape) return '\u241b';
  const shown = neutraliseLine(character, false);
  return shown === '' ? unknownPicture : shown;
}

function widthOf(shown: string): number {
  if (widthless.test(shown)) return 0;
  if (colourPicture.test(shown)) return 2;
  return eastAsianWidth(shown.codePointAt(0) ?? 0, { ambiguousAsWide: false });
}
