/**
 * A text of foreign origin in quotes, for a message: what a terminal would obey, line ends among it, is written as an
 * escape.
 */
export function quoteText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
