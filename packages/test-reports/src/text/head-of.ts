/** Longer than any line of a secret. */
const mostSecret = 4096;

/**
 * A text, or the beginning of one that is longer than `most`. That ends early enough for no secret to be cut in two: what
 * masks would not know the half of one.
 */
export function headOf(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most - mostSecret);
}
