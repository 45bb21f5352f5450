import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needlesOf } from '../forms/needles-of.js';
import { createMasker } from './create-masker.js';
import { cutAt, maskNaively, streamed } from './mask-naively.test.helper.js';

/** Few letters, so that needles overlap, contain and begin each other; and the ones that encoders care for. */
const narrow = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 4, maxLength: 12 });
const wide = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    '"',
    '\\',
    '/',
    "'",
    '+',
    ' ',
    '\n',
    '\r\n',
    '\t',
    'ü',
    '🚀',
    '<',
  ),
  minLength: 4,
  maxLength: 24,
});
const values = fc.array(fc.oneof(narrow, wide), { minLength: 1, maxLength: 4 });
const filler = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n', ' '), maxLength: 20 });
const places = fc.array(fc.nat(2000), { maxLength: 12 });

/** Secrets, and a text with any of their needles, also cut-off ones, at any place. */
const cases = values.chain((list) => {
  const needles = list.flatMap(needlesOf);
  const needle = needles.length === 0 ? fc.constant(Buffer.alloc(0)) : fc.constantFrom(...needles);
  const cut = fc.tuple(needle, fc.nat(30)).map(([bytes, at]) => bytes.subarray(0, at));
  const piece = fc.oneof(
    filler.map((text) => Buffer.from(text)),
    needle,
    cut,
  );
  return fc.record({
    secrets: fc.constant(list.map((value, index) => ({ name: `S${index}`, value }))),
    bytes: fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.concat(pieces)),
    places,
  });
});

describe('a masked stream', () => {
  it('covers every needle and nothing else, however the bytes are cut', () => {
    fc.assert(
      fc.property(cases, ({ secrets, bytes, places }) => {
        const masked = streamed(createMasker(secrets).stream(), cutAt(bytes, places));
        expect(masked.toString('latin1')).toBe(maskNaively(secrets, bytes).toString('latin1'));
      }),
      { numRuns: 200 },
    );
  });

  it('has no needle in what it passes on', () => {
    fc.assert(
      fc.property(cases, ({ secrets, bytes, places }) => {
        const masked = streamed(createMasker(secrets).stream(), cutAt(bytes, places));
        for (const needle of secrets.flatMap(({ value }) => needlesOf(value))) {
          expect(masked.includes(needle)).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('passes on any other bytes as they are', () => {
    const secrets = [{ name: 'TOKEN', value: 'correct horse battery staple' }];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), places, (given, cuts) => {
        const bytes = Buffer.from(given);
        expect(streamed(createMasker(secrets).stream(), cutAt(bytes, cuts)).equals(bytes)).toBe(
          true,
        );
      }),
    );
  });

  it('holds back no more than may be the beginning of a needle', () => {
    fc.assert(
      fc.property(cases, ({ secrets, bytes }) => {
        const needles = secrets.flatMap(({ value }) => needlesOf(value));
        const begun = Array.from(bytes, (_, at) => bytes.subarray(at)).find((rest) =>
          needles.some((needle) => needle.subarray(0, rest.length).equals(rest)),
        );
        const stream = createMasker(secrets).stream();
        stream.write(bytes);
        expect(stream.end().length).toBeLessThanOrEqual(Math.max(3, begun?.length ?? 0));
      }),
      { numRuns: 100 },
    );
  });
});
