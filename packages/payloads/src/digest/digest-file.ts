import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Files are read in pieces of this size, whatever their own. */
const pieceBytes = 128 * 1024;

/** The sha256 of a file's content in hex, without its content ever being in memory as a whole. */
export async function digestFile(path: Buffer | string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
