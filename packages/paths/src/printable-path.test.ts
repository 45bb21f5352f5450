import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printablePath } from './printable-path.js';

const shown = (path: string | number[]) => printablePath(Buffer.from(path as string));

/** The bytes that a shown path stands for, by git's rules. */
function bytesOf(text: string): Buffer {
  if (!text.startsWith('"')) return Buffer.from(text);
  const parts = text.slice(1, -1).match(/\\[0-7]{3}|\\.|[^\\]/gsu) ?? [];
  const letters: Record<string, string> = { t: '\t', n: '\n', r: '\r' };
  return Buffer.concat(
    parts.map((part) => {
      if (part[0] !== '\\') return Buffer.from(part);
      const code = part.slice(1);
      return code.length === 3
        ? Buffer.from([parseInt(code, 8)])
        : Buffer.from(letters[code] ?? code);
    }),
  );
}

describe('a path that is shown', () => {
  it.each([
    ['src/a b.ts', 'src/a b.ts'],
    ['ünï/日本', 'ünï/日本'],
    ['two\nlines', '"two\\nlines"'],
    ['é\n', '"é\\n"'],
    ['\u001b[2J', '"\\033[2J"'],
    ['a\u202eb', '"a\\342\\200\\256b"'],
    ['"quoted"', '"\\"quoted\\""'],
    ['back\\slash', '"back\\\\slash"'],
  ])('%j is %s', (path, text) => expect(shown(path)).toBe(text));

  it('names bytes that are no UTF-8', () => {
    expect(shown([0x66, 0xff, 0xc3, 0xa9])).toBe('"f\\377\\303\\251"');
  });

  it('stands for its bytes and for no others, and holds no control character', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: 'grapheme' })), (path) => {
        const bytes = Buffer.from(path as string);
        const text = printablePath(bytes);
        expect(bytesOf(text)).toEqual(bytes);
        expect(text).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
