import type { FileHandle } from 'node:fs/promises';

/** How much may wait to be written before whoever appends is asked to wait, in bytes. */
const fullAtBytes = 1024 * 1024;

/** Writes to a file one after another. */
export interface WriteQueue {
  /** When it returns a promise the queue is full, and the next call should wait for it. It never rejects. */
  append(chunk: Uint8Array): void | Promise<void>;
  truncate(): void;
  /** Aborted, with the error, by the first write that fails. Nothing is written then any more. */
  readonly broken: AbortSignal;
  /** Waits until everything is on disk, and closes the file. Rejects when something could not be written. */
  close(): Promise<void>;
}

export function writeQueue(
  file: Pick<FileHandle, 'appendFile' | 'truncate' | 'datasync' | 'close'>,
): WriteQueue {
  const broken = new AbortController();
  let last: Promise<void> = Promise.resolve();
  let waitingBytes = 0;
  const add = (write: () => Promise<void>): Promise<void> => {
    last = last.then(async () => {
      try {
        if (!broken.signal.aborted) await write();
      } catch (error) {
        broken.abort(error);
      }
    });
    return last;
  };
  return {
    broken: broken.signal,
    append: (chunk) => {
      waitingBytes += chunk.length;
      const written = add(() => file.appendFile(chunk)).then(() => {
        waitingBytes -= chunk.length;
      });
      return waitingBytes > fullAtBytes ? written : undefined;
    },
    truncate: () => {
      void add(() => file.truncate(0));
    },
    close: async () => {
      await add(() => file.datasync());
      await file.close();
      broken.signal.throwIfAborted();
    },
  };
}
