import { needlesOf } from '../forms/needles-of.js';
import type { NamedSecret } from './create-masker.js';

/** What a masker should make of bytes that are whole: by looking for each needle at each place. */
export function maskNaively(secrets: readonly NamedSecret[], bytes: Buffer): Buffer {
  const covered = new Uint8Array(bytes.length);
  for (const needle of secrets.flatMap(({ value }) => needlesOf(value))) {
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
      covered.fill(1, at, at + needle.length);
    }
  }
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    if (covered[at] === 0) parts.push(bytes.subarray(at, at + 1));
    else if (covered[at - 1] !== 1) parts.push(Buffer.from('***'));
  }
  return Buffer.concat(parts);
}

/** What a masker's stream makes of pieces. */
export function streamed(
  stream: { write(chunk: Uint8Array): Uint8Array; end(): Uint8Array },
  pieces: readonly Uint8Array[],
): Buffer {
  const passed = pieces.map((piece) => Buffer.from(stream.write(Uint8Array.from(piece))));
  return Buffer.concat([...passed, stream.end()]);
}

/** The bytes in pieces that end at these places. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length];
  ends.sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}
