/**
 * A path of any bytes as one line of text that nothing obeys and nobody mistakes: as it is when all of it is plain
 * UTF-8, else in double quotes with escapes, as git prints it (`"two\nlines"`, `"f\377"`).
 */
export function printablePath(path: Uint8Array): string {
  const text = decode(path);
  if (text === null) return quote(Buffer.from(path).toString('latin1'), 'latin1');
  return /["\\]/.test(text) || special.test(text) ? quote(text, 'utf8') : text;
}

/** Controls, and what ends a line or turns the reading direction around. */
const special = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const names: Readonly<Record<string, string>> = { '\t': 't', '\n': 'n', '\r': 'r' };

/** The text of a path; null when it is no UTF-8. */
function decode(path: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(path);
  } catch {
    return null;
  }
}

function quote(text: string, encoding: 'latin1' | 'utf8'): string {
  return `"${Array.from(text, (character) => escape(character, encoding)).join('')}"`;
}

function escape(character: string, encoding: 'latin1' | 'utf8'): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const name = names[character];
  if (name !== undefined) return `\\${name}`;
  const isPlain = encoding === 'utf8' ? !special.test(character) : /[ -~]/.test(character);
  return isPlain ? character : octal(Buffer.from(character, encoding));
}

function octal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
