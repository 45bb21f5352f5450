import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentKey } from './content-key.js';

const text = fc.string({ unit: fc.constantFrom('1', ':', 'a', 'é', '\0') });
const inputs = fc.array(fc.record({ name: text, value: text }), { maxLength: 4 });

describe('contentKey', () => {
  it('is the same exactly for the same inputs in the same order', () => {
    fc.assert(
      fc.property(inputs, inputs, (one, two) => {
        const equal = JSON.stringify(one) === JSON.stringify(two);
        expect(contentKey(one) === contentKey(two)).toBe(equal);
        expect(contentKey(one)).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });

  it('does not take the end of one text for the beginning of the next', () => {
    const keys = [
      [{ name: 'ab', value: 'c' }],
      [{ name: 'a', value: 'bc' }],
      [{ name: '', value: '2:ab1:c' }],
      [
        { name: 'ab', value: 'c' },
        { name: '', value: '' },
      ],
    ].map(contentKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
