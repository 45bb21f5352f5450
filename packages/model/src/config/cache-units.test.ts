import { describe, expect, it } from 'vitest';
import { parseAgeSeconds, parseByteSize } from './cache-units.js';
import { payloadCacheConfigSchema } from './pikaci-config.js';

describe('sizes and ages of the cache', () => {
  it.each([
    ['0B', 0],
    ['20GiB', 20 * 2 ** 30],
    ['1.5 GB', 1_500_000_000],
    ['7kB', 7000],
    ['3TiB', 3 * 2 ** 40],
  ])('reads %s as %d bytes', (text, bytes) => {
    expect(parseByteSize(text)).toBe(bytes);
    expect(payloadCacheConfigSchema.parse({ maxSize: text }).maxSize).toBe(text);
  });

  it.each([
    ['90s', 90],
    ['1.5h', 5400],
    ['30d', 2_592_000],
    ['2 w', 1_209_600],
  ])('reads %s as %d seconds', (text, seconds) => {
    expect(parseAgeSeconds(text)).toBe(seconds);
    expect(payloadCacheConfigSchema.parse({ maxAge: text }).maxAge).toBe(text);
  });

  it.each(['', '5', 'GiB', '-1GB', '1 gib', '1e3B', '1constructor', '99999999999TiB'])(
    'reads %j as neither',
    (text) => {
      expect(parseByteSize(text)).toBeNull();
      expect(parseAgeSeconds(text)).toBeNull();
    },
  );
});
