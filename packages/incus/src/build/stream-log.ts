import { ok, type OutputStream } from '@pikaci/model';
import { createHash, type Hash } from 'node:crypto';
import type { OutputLog } from '../output-log.js';

interface Received {
  bytes: number;
  readonly hash: Hash;
}

const nothing = (): Received => ({ bytes: 0, hash: createHash('sha256') });

/** A log that only passes on what it gets. What was passed on cannot be taken back, so that it is shown once. */
export function createStreamLog(onOutput: (chunk: Uint8Array) => void): OutputLog {
  let received = { stdout: nothing(), stderr: nothing() };
  let quiet = false;
  return {
    append: (stream: OutputStream, chunk) => {
      received[stream].bytes += chunk.length;
      received[stream].hash.update(chunk);
      if (!quiet) onOutput(chunk);
    },
    received: (stream) => received[stream].bytes,
    digest: (stream) => received[stream].hash.copy().digest('hex'),
    restart: () => {
      quiet = true;
      received = { stdout: nothing(), stderr: nothing() };
    },
    close: () => Promise.resolve(ok({ totalBytes: 0, leftOutBytes: 0, indexProblem: null })),
  };
}
