import { SeededRandom } from './seeded-random.test.helper.js';

/** What jobs print, in files of the workspace: bytes that no text is made of, different for each stream. */
export const outputFiles = {
  'data/small.out': stdoutBytes(1, 4 * 1024),
  'data/small.err': stderrBytes(2, 2 * 1024),
  'data/flood.out': stdoutBytes(3, 1024 * 1024),
  'data/flood.err': stderrBytes(4, 256 * 1024),
  'data/words': Buffer.from('words of a payload\n'),
} as const;

/**
 * The two streams of a job come into one log, in any order. Jobs print bytes below 128 to standard output and the others
 * to standard error, so that each can be found again.
 */
export function splitStreams(log: Buffer): { readonly stdout: Buffer; readonly stderr: Buffer } {
  const stdout = Buffer.alloc(log.length);
  const stderr = Buffer.alloc(log.length);
  let out = 0;
  let errors = 0;
  // A loop, for there are megabytes of them.
  for (const byte of log) {
    if (byte < 128) stdout[out++] = byte;
    else stderr[errors++] = byte;
  }
  return { stdout: stdout.subarray(0, out), stderr: stderr.subarray(0, errors) };
}

function stdoutBytes(seed: number, length: number): Buffer {
  const random = new SeededRandom(seed);
  return Buffer.from(Array.from({ length }, () => random.between(0, 127)));
}

function stderrBytes(seed: number, length: number): Buffer {
  const random = new SeededRandom(seed);
  return Buffer.from(Array.from({ length }, () => random.between(128, 255)));
}
