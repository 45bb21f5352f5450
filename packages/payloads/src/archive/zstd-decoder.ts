import { Decompress } from 'fzstd';
import { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** As much as the zstd program takes unless told otherwise (`--long=27`). */
const mostWindowBytes = 2 ** 27;

/**
 * A stream that decodes zstd: Node's own where it has one (from 22.15 and 23.8), else `fzstd`, which is plain JavaScript,
 * slower, and holds no more than one window and one block.
 */
export function createZstdDecoder(): Transform {
  return nativeDecoder() ?? createPortableZstdDecoder();
}

function nativeDecoder(): Transform | null {
  // Types of Node 20 do not know it.
  const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform };
  return createZstdDecompress?.() ?? null;
}

/** The decoder for Node without zstd of its own. */
export function createPortableZstdDecoder(): Transform {
  let decoded: Uint8Array[] = [];
  const decoder = new Decompress((block) => decoded.push(block));
  const feed = (chunk: Uint8Array, isLast: boolean): Buffer => {
    decoder.push(chunk, isLast);
    // Copies: the decoder goes on to use the memory of its blocks.
    const bytes = Buffer.concat(decoded);
    decoded = [];
    return bytes;
  };
  return new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => {
      settle(() => feed(chunk, false), done);
    },
    flush: (done) => {
      settle(() => feed(new Uint8Array(), true), done);
    },
  });
}

function settle(work: () => Buffer, done: (error: Error | null, bytes?: Buffer) => void): void {
  let bytes: Buffer;
  try {
    bytes = work();
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  done(null, bytes);
}

/** Why the frame at the beginning of a file takes more memory than it gets; null when it does not. */
export function zstdWindowProblem(beginning: Uint8Array): string | null {
  const bytes = windowBytes(beginning);
  if (bytes <= mostWindowBytes) return null;
  return `it needs a window of ${bytes} bytes to be decoded, and gets at most ${mostWindowBytes}`;
}

/** RFC 8878, 3.1.1.1. */
function windowBytes(frame: Uint8Array): number {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.byteLength < 14 || view.getUint32(0, true) !== 0xfd2fb528) return 0;
  const descriptor = view.getUint8(4);
  if ((descriptor & 0x20) === 0) {
    const window = view.getUint8(5);
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  // A single segment: the window is all of the content.
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const at = 5 + dictionaryBytes;
  switch (descriptor >> 6) {
    case 0:
      return view.getUint8(at);
    case 1:
      return view.getUint16(at, true) + 256;
    case 2:
      return view.getUint32(at, true);
    default:
      return view.byteLength < at + 8 ? 0 : Number(view.getBigUint64(at, true));
  }
}
