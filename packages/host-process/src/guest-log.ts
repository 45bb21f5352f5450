import { open, type FileHandle } from 'node:fs/promises';
import { fail, ok, type Outcome } from '@pikaci/model';
import { systemFailure } from '@pikaci/host';

/** The file that gets every byte a job's command prints. */
export interface GuestLog {
  /** Appends in the order of the calls; never rejects. */
  append(chunk: Uint8Array): Promise<void>;
  /** A failure when something is missing in the file. */
  close(): Promise<Outcome<void>>;
}

/** Opens a log for appending. */
export async function openGuestLog(path: string): Promise<Outcome<GuestLog>> {
  try {
    return ok(guestLog(path, await open(path, 'a')));
  } catch (error) {
    return systemFailure(`The log ${path} could not be opened`, error, path);
  }
}

function guestLog(path: string, file: FileHandle): GuestLog {
  let lost: string | null = null;
  const attempt = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      lost ??= error instanceof Error ? error.message : 'it could not be written';
    }
  };
  let last: Promise<void> = Promise.resolve();
  return {
    append: (chunk) => (last = last.then(() => attempt(() => file.appendFile(chunk)))),
    close: async () => {
      await last;
      await attempt(() => file.close());
      if (lost === null) return ok(undefined);
      return fail('infrastructure', `The log ${path} is not complete`, { reason: lost });
    },
  };
}
