import { Readable, type Transform } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createPortableZstdDecoder, createZstdDecoder, zstdWindowProblem } from './zstd-decoder.js';

const text = Array.from({ length: 40 }, (_, index) => `line ${index} of a text\n`).join('');
/** Of the zstd program: the text with a checksum and its length, and without both. */
const frame = Buffer.from(
  'KLUv/WTGARUEAHQDbGluZSAwIG9mIGEgdGV4dAoxMjM0NTY3ODkxMTExMTExMTEyMjIyMjIyMjIyMzMzMzMzMzMzMygggKPSA5zMd2azmG9mZ5nPzGYx38zMMt/MzjKfmc3yfDdnZnOWmvPRnNnMWWTOF3NmMGd5OYOLdwiDCHIQhgjkEIZIx5uuuASDGpPw',
  'base64',
);
const streamed = Buffer.from(
  'KLUv/QBozQIAYgUPELDr4NuApsNoHDdJSWoMdCXm5eTj4uG/3+eNi4mHhYNvu06blpKOioa+bps1hQwR7gL3kMODqWEiYmoFKKgR8PT9M/DlEBLhRJgPO518hdVqWZFAqgI=',
  'base64',
);
/** One that decoders pass over. */
const skippable = Buffer.from('502a4d1803000000616263', 'hex');

async function decode(decoder: Transform, chunks: readonly Uint8Array[]): Promise<string> {
  const decoded: Buffer[] = [];
  for await (const chunk of Readable.from(chunks).pipe(decoder)) decoded.push(chunk as Buffer);
  return Buffer.concat(decoded).toString();
}
const pieces = (bytes: Buffer, length: number) =>
  Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  );

describe.each([
  ['of this Node', createZstdDecoder],
  ['that is plain JavaScript', createPortableZstdDecoder],
])('the zstd decoder %s', (_, create) => {
  it('decodes frames of any make, in pieces of any length', async () => {
    for (const length of [1, 2, 7, 100, 10_000]) {
      const bytes = Buffer.concat([frame, skippable, streamed, frame]);
      expect(await decode(create(), pieces(bytes, length))).toBe(text.repeat(3));
    }
  });

  it('fails on what is no zstd, and on what is cut off', async () => {
    await expect(decode(create(), [Buffer.from('no zstd, but long enough')])).rejects.toThrow();
    for (const length of [frame.length - 5, 20, 5]) {
      await expect(decode(create(), [frame.subarray(0, length)])).rejects.toThrow(/unexpected e/i);
    }
  });
});

describe('the window of a frame', () => {
  const header = (hex: string) => Buffer.from(`28b52ffd${hex}`.padEnd(36, '0'), 'hex');

  it('may be as large as the zstd program allows', () => {
    for (const some of [frame, streamed, skippable, Buffer.alloc(3), header('0088')]) {
      expect(zstdWindowProblem(some)).toBeNull();
    }
  });

  it.each([
    ['of a descriptor', header('0089'), 2 ** 27 * 1.125],
    ['of a segment with 4 bytes of length', header('a001000008'), 2 ** 27 + 1],
    ['of a segment with 8 bytes of length', header('e00000000001'), 2 ** 32],
    ['of a segment with a dictionary', header('a10101000008'), 2 ** 27 + 1],
  ])('%s is told when it is larger', (_, beginning, bytes) => {
    expect(zstdWindowProblem(beginning)).toContain(`a window of ${bytes} bytes`);
  });
});
