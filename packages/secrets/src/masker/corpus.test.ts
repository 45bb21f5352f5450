import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMasker } from './create-masker.js';
import { streamed } from './mask-naively.test.helper.js';

/** What goes in, in pieces, and what must come out. */
interface CorpusCase {
  readonly title: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly pieces: readonly string[];
  readonly expected: string;
}

const dir = join(import.meta.dirname, '..', '..', 'corpus');

describe.each(readdirSync(dir))('the corpus %s', (file) => {
  const cases = JSON.parse(readFileSync(join(dir, file), 'utf8')) as CorpusCase[];

  it.each(cases)('masks $title', ({ secrets, pieces, expected }) => {
    const masker = createMasker(Object.entries(secrets).map(([name, value]) => ({ name, value })));
    const bytes = pieces.map((piece) => Buffer.from(piece));
    expect(streamed(masker.stream(), bytes).toString()).toBe(expected);
    const whole = Buffer.concat(bytes);
    expect(masker.text(whole.toString())).toBe(expected);
    const single = Array.from(whole, (byte) => Uint8Array.of(byte));
    expect(streamed(masker.stream(), single).toString()).toBe(expected);
  });
});
