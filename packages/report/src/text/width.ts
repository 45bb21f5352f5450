import { eastAsianWidth } from 'get-east-asian-width';

const narrow = /^[\x20-\x7e]*$/u;
const mark = /^[\p{Mark}\p{Format}]$/u;
/** Makes the character before it a picture, which some terminals then show wider. */
const pictureSelector = 0xfe0f;

/**
 * Columns that a text without controls takes on a terminal. Where terminals differ (joined emoji) it is the most that any
 * of them needs: a line that is shorter than thought does no harm, and one that is longer goes on in the next row.
 */
export function textWidth(text: string): number {
  if (narrow.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The beginning of a text that takes at most so many columns. */
export function cutToWidth(text: string, columns: number): string {
  if (narrow.test(text)) return text.slice(0, Math.max(0, columns));
  let width = 0;
  let length = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns) break;
    length += character.length;
  }
  return text.slice(0, length);
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return code === 0xad ? 0 : 1;
  if (code === pictureSelector) return 1;
  return mark.test(character) ? 0 : eastAsianWidth(code);
}
