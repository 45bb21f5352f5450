import type { OutputStream } from '@pikaci/model';
import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * The job's guest log on the host, and how much of each stream is in it. Chunks of both streams are appended in the
 * order of their arrival.
 */
export interface OutputLog {
  append(stream: OutputStream, chunk: Uint8Array): void;
  /** Bytes of the stream that are in the log. */
  received(stream: OutputStream): number;
  /** sha256 of those bytes. */
  digest(stream: OutputStream): string;
  /** Starts the log anew, as when what is in it turned out to be damaged. */
  restart(): void;
  /** Waits until everything is on disk. Rejects when it cannot be written. */
  close(): Promise<void>;
}

interface Received {
  bytes: number;
  hash: Hash;
}

const nothing = (): Received => ({ bytes: 0, hash: createHash('sha256') });

/** Opens the log at `path`, empty. */
export async function openOutputLog(
  path: string,
  onOutput: (stream: OutputStream, chunk: Uint8Array) => void,
): Promise<OutputLog> {
  // Append mode: after a truncation the next write must land at the start.
  const file = await open(path, 'a');
  await file.truncate(0);
  const queue = writeQueue(file);
  let received = { stdout: nothing(), stderr: nothing() };
  let quiet = false;
  return {
    append: (stream, chunk) => {
      received[stream].bytes += chunk.length;
      received[stream].hash.update(chunk);
      queue.add(() => file.appendFile(chunk));
      if (!quiet) onOutput(stream, chunk);
    },
    received: (stream) => received[stream].bytes,
    digest: (stream) => received[stream].hash.copy().digest('hex'),
    restart: () => {
      // What was shown cannot be taken back; the second pass is for the file alone.
      quiet = true;
      received = { stdout: nothing(), stderr: nothing() };
      queue.add(() => file.truncate(0));
    },
    close: async () => {
      await queue.drained();
      await file.close();
    },
  };
}

/** Runs writes one after another; a failed one is reported at the end. */
function writeQueue(file: FileHandle): {
  add(write: () => Promise<void>): void;
  drained(): Promise<void>;
} {
  let last: Promise<void> = Promise.resolve();
  return {
    add: (write) => {
      last = last.then(write);
      last.catch(() => undefined);
    },
    drained: async () => {
      try {
        await last;
        await file.datasync();
      } catch (error) {
        await file.close().catch(() => undefined);
        throw error;
      }
    },
  };
}
