import type { MaskedStream, Masker, OutputStream } from '@pikaci/model';
import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { writeQueue } from './write-queue.js';

/**
 * The job's guest log on the host, and how much of each stream was put into it. Chunks of both streams are appended in
 * the order of their arrival. What is written has its secrets taken out; what is counted and digested is what the guest
 * printed, so that it can be compared with the guest's files.
 */
export interface OutputLog {
  /** When it returns a promise, the disk is slower than the output, and the next chunk should wait for it. */
  append(stream: OutputStream, chunk: Uint8Array): void | Promise<void>;
  /** Bytes of the stream that were appended. */
  received(stream: OutputStream): number;
  /** sha256 of those bytes. */
  digest(stream: OutputStream): string;
  /** Starts the log anew, as when what is in it turned out to be damaged. */
  restart(): void;
  /** Aborted, with the error, as soon as the log cannot be written. */
  readonly broken: AbortSignal;
  /** Waits until everything is on disk. Rejects when it cannot be written. */
  close(): Promise<void>;
}

interface Received {
  bytes: number;
  readonly hash: Hash;
  readonly masked: MaskedStream;
}

/** Opens the log at `path`, empty. */
export async function openOutputLog(
  path: string,
  masker: Masker,
  onOutput: (stream: OutputStream, chunk: Uint8Array) => void,
): Promise<OutputLog> {
  const nothing = (): Record<OutputStream, Received> => ({
    stdout: { bytes: 0, hash: createHash('sha256'), masked: masker.stream() },
    stderr: { bytes: 0, hash: createHash('sha256'), masked: masker.stream() },
  });
  // Append mode: after a truncation the next write must land at the start.
  const file = await open(path, 'a');
  await file.truncate(0);
  const queue = writeQueue(file);
  let received = nothing();
  let quiet = false;
  const pass = (stream: OutputStream, masked: Uint8Array): void | Promise<void> => {
    if (masked.length === 0) return undefined;
    if (!quiet) onOutput(stream, masked);
    return queue.append(masked);
  };
  return {
    append: (stream, chunk) => {
      received[stream].bytes += chunk.length;
      received[stream].hash.update(chunk);
      return pass(stream, received[stream].masked.write(chunk));
    },
    received: (stream) => received[stream].bytes,
    digest: (stream) => received[stream].hash.copy().digest('hex'),
    restart: () => {
      // What was shown cannot be taken back; the second pass is for the file alone.
      quiet = true;
      received = nothing();
      queue.truncate();
    },
    broken: queue.broken,
    close: async () => {
      for (const stream of ['stdout', 'stderr'] as const) {
        void pass(stream, received[stream].masked.end());
      }
      await queue.close();
    },
  };
}
