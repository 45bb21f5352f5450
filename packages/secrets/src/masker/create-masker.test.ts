import { describe, expect, it } from 'vitest';
import { longestNeedle } from '../forms/needles-of.js';
import { createMasker } from './create-masker.js';

const masker = (...values: string[]) =>
  createMasker(values.map((value, index) => ({ name: `S${index}`, value })));

describe('a masker', () => {
  it('is empty without a secret that is long enough, and passes on the very same bytes', () => {
    const empty = masker('', 'abc', '  \n  x ');
    expect(empty.isEmpty).toBe(true);
    expect(empty.text('abc x')).toBe('abc x');
  });

  it('passes on a chunk without secrets as it is, without a copy', () => {
    const chunk = Buffer.from('nothing to see here\n');
    expect(masker('hunter2!').stream().write(chunk)).toEqual(chunk);
  });

  it('does not keep the memory of a chunk that its owner writes over', () => {
    const stream = masker('hunter2!').stream();
    const chunk = Buffer.from('a hunt');
    stream.write(chunk);
    chunk.fill(0x78);
    expect(Buffer.from(stream.write(Buffer.from('ed'))).toString()).toBe('hunted');
  });

  it('holds back a bounded part of a secret of any length, and masks all of it', () => {
    const value = Array.from({ length: 5000 }, (_, index) => `${index};`).join('');
    const bytes = Buffer.from(value);
    const one = masker(value);
    for (const length of [10, 1023, 1024, 5000, bytes.length - 1]) {
      const stream = one.stream();
      stream.write(bytes.subarray(0, length));
      expect(stream.end().length).toBeLessThan(longestNeedle);
    }
    expect(one.text(`<${value}>`)).toBe('<***>');
  });

  it('keeps its streams apart', () => {
    const one = masker('hunter2!');
    const [first, second] = [one.stream(), one.stream()];
    first.write(Buffer.from('hunt'));
    expect(Buffer.from(second.write(Buffer.from('er2!'))).toString()).toBe('er2!');
  });

  it('is done in linear time with a secret that repeats itself', () => {
    const text = 'a'.repeat(200_000);
    expect(masker(`${'a'.repeat(1000)}b`).text(text)).toBe(text);
  });
});
