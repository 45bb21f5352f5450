import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestMatch, editDistance, suggestion } from './closest-match.js';

const keys = [
  'description',
  'run',
  'runtime',
  'payloads',
  'needs',
  'env',
  'timeoutSeconds',
  'user',
];

describe('closestMatch', () => {
  it.each([
    ['payload', 'payloads'],
    ['paylaods', 'payloads'],
    ['need', 'needs'],
    ['rnu', 'run'],
    ['timeout_seconds', 'timeoutSeconds'],
    ['timeout', 'timeoutSeconds'],
    ['TimeoutSecs', 'timeoutSeconds'],
    ['desc', 'description'],
  ])('takes %s for %s', (word, expected) => {
    expect(closestMatch(word, keys)).toBe(expected);
  });

  it.each(['command', 'x', 'image', ''])('finds nothing close to "%s"', (word) => {
    expect(closestMatch(word, keys)).toBeNull();
  });

  it('does not take one short word for another', () => {
    expect(closestMatch('a', ['b'])).toBeNull();
  });

  it('is a question in a message, or nothing', () => {
    expect(suggestion('need', keys)).toBe(', did you mean `needs`?');
    expect(suggestion('image', keys)).toBe('');
  });
});

describe('editDistance', () => {
  it('counts insertions, removals, replacements and swaps of neighbours', () => {
    expect(editDistance('unit', 'units')).toBe(1);
    expect(editDistance('unit', 'uit')).toBe(1);
    expect(editDistance('unit', 'unix')).toBe(1);
    expect(editDistance('unit', 'unti')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
  });

  it('is symmetric, zero only for equal words, and at most the longer length', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
