import type { WriteBytes } from './part-printer.js';

const lineFeed = 0x0a;

/** Longest part of a line that is held back for its end, in bytes. Bounds the memory. */
const mostHeldBytes = 64 * 1024;

/** Hands out whole lines, but for one that is very long. */
export function createWholeLines(write: WriteBytes): {
  readonly write: WriteBytes;
  /** Hands out what is left. */
  end(): Promise<void>;
} {
  let held: Buffer[] = [];
  let heldBytes = 0;
  const hold = (bytes: Uint8Array) => {
    // The bytes may be another's soon.
    if (bytes.length > 0) held.push(Buffer.from(bytes));
    heldBytes += bytes.length;
  };
  const release = async (bytes: Uint8Array) => {
    const whole = Buffer.concat([...held, bytes]);
    held = [];
    heldBytes = 0;
    if (whole.length > 0) await write(whole);
  };
  return {
    write: async (bytes) => {
      const end = bytes.lastIndexOf(lineFeed) + 1;
      if (end > 0) await release(bytes.subarray(0, end));
      hold(bytes.subarray(end));
      if (heldBytes >= mostHeldBytes) await release(Buffer.alloc(0));
    },
    end: () => release(Buffer.alloc(0)),
  };
}
