/** Characters that no POSIX shell gives a meaning, so that common paths stay readable. */
const plainWord = /^[A-Za-z0-9_@%+:,./-]+$/;

/**
 * One word of a POSIX shell script that stands for exactly this text.
 * @throws on a NUL character: no shell and no system call can carry one.
 */
export function shellQuote(text: string): string {
  if (text.includes('\0')) throw new RangeError('a shell word cannot hold a NUL character');
  if (plainWord.test(text)) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command with its arguments as one line of a POSIX shell script. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}
