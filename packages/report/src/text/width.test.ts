import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToWidth, textWidth } from './width.js';

describe('the width of a text', () => {
  it.each([
    ['', 0],
    ['plain', 5],
    ['über', 4],
    ['u\u0308ber', 4],
    ['漢字', 4],
    ['한국', 4],
    ['ｆｕｌｌ', 8],
    ['🚀', 2],
    ['✓ ⧖ ■ ▸ …', 9],
    ['zero\u200bwidth', 9],
  ])('of %j is %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('is the most that a terminal may need where terminals differ', () => {
    expect(textWidth('👩‍💻')).toBe(4);
    expect(textWidth('❤️')).toBe(2);
  });

  it('is kept by a cut, which is as long as it can be, and cuts no character', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, fc.nat(20), (whole, columns) => {
        const cut = cutToWidth(whole, columns);
        expect(whole.startsWith(cut)).toBe(true);
        expect(textWidth(cut)).toBeLessThanOrEqual(columns);
        const [next] = whole.slice(cut.length);
        if (next !== undefined) {
          const more = String.fromCodePoint(whole.codePointAt(cut.length) ?? 0);
          expect(textWidth(cut + more)).toBeGreaterThan(columns);
        }
      }),
    );
  });
});
