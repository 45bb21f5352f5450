import { describe, expect, it } from 'vitest';
import { ageSchema, byteSizeSchema, formatByteSize, parseAge, parseByteSize } from './sizes.js';

describe('parseByteSize', () => {
  it.each([
    ['0B', 0],
    ['512 B', 512],
    ['1.5kB', 1500],
    ['64MiB', 67_108_864],
    ['20GiB', 21_474_836_480],
    ['2TB', 2e12],
  ])('reads %s', (text, bytes) => {
    expect(byteSizeSchema.safeParse(text).success).toBe(true);
    expect(parseByteSize(text)).toBe(bytes);
  });

  it.each(['', '12', 'GiB', '-1B', '1 PiB', '1KB', '1e3B', 'toString', '1constructor'])(
    'refuses %j',
    (text) => {
      expect(byteSizeSchema.safeParse(text).success).toBe(false);
      expect(parseByteSize(text)).toBeNull();
    },
  );
});

describe('formatByteSize', () => {
  it.each([
    [0, '0B'],
    [1023, '1023B'],
    [1536, '1536B'],
    [2 ** 20, '1MiB'],
    [2 ** 28, '256MiB'],
    [3 * 2 ** 40, '3TiB'],
  ])('writes %d so that it can be read again', (bytes, text) => {
    expect(formatByteSize(bytes)).toBe(text);
    expect(parseByteSize(text)).toBe(bytes);
  });
});

describe('parseAge', () => {
  it.each([
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    ['30d', 2_592_000_000],
    ['2 w', 1_209_600_000],
  ])('reads %s', (text, ms) => {
    expect(ageSchema.safeParse(text).success).toBe(true);
    expect(parseAge(text)).toBe(ms);
  });

  it.each(['', '3', '3y', '3ms', '-3d'])('refuses %j', (text) => {
    expect(ageSchema.safeParse(text).success).toBe(false);
    expect(parseAge(text)).toBeNull();
  });
});
