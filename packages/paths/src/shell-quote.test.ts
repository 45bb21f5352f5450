import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellCommand, shellQuote } from './shell-quote.js';

const word = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0'));

describe('shellQuote', () => {
  it('leaves words that mean nothing to a shell as they are', () => {
    expect(shellQuote('/opt/node-20.1/bin')).toBe('/opt/node-20.1/bin');
  });

  it('quotes the empty word, blanks and quotes', () => {
    expect(['', 'a b', "it's"].map(shellQuote)).toEqual(["''", "'a b'", String.raw`'it'\''s'`]);
  });

  it('refuses a NUL character', () => {
    expect(() => shellQuote('a\0b')).toThrow(RangeError);
  });

  it('gives sh exactly the words that were quoted', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), (words) => {
        const script = `${shellCommand(['printf', String.raw`%s\0`, 'first', ...words])}\n`;
        const printed = execFileSync('sh', ['-c', script], { env: { PATH: process.env['PATH'] } });
        const expected = Buffer.from(['first', ...words].map((text) => `${text}\0`).join(''));
        expect(printed.equals(expected)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
