import { isDiskFault } from '@pikaci/host';
import { describeIncusError, type FilesApi } from '@pikaci/incus-client';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How long a file may send nothing, in ms: a FIFO looks like a file until it is read, and never sends anything. */
const silenceLimitMs = 5000;

export interface FetchRequest {
  readonly files: Pick<FilesApi, 'stream'>;
  readonly instance: string;
  readonly guestPath: string;
  /** Where it goes; nothing may be there yet. Directories above it are made. */
  readonly hostPath: string;
  /** Most bytes that may be kept of it. */
  readonly most: number;
}

/** What became of a file. */
export type Fetched =
  | { readonly kind: 'kept'; readonly bytes: number }
  /** It has more bytes than may be kept. */
  | { readonly kind: 'too-large' }
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** Nothing came within the limit. */
      readonly isSilent: boolean;
      /** This machine is at fault, and the next file would fare no better. */
      readonly isOurs: boolean;
    };

/** Thrown to end the transfer of a file. */
class TooLarge extends Error {}

/** Fetches one file of a guest, whole or not at all: nothing is left at `hostPath` unless it is kept. Never throws. */
export async function fetchFile(request: FetchRequest): Promise<Fetched> {
  let file: FileHandle;
  try {
    await mkdir(dirname(request.hostPath), { recursive: true });
    file = await open(request.hostPath, 'wx');
  } catch (error) {
    return failed(error);
  }
  const fetched = await fetchInto(file, request);
  if (fetched.kind !== 'kept') await rm(request.hostPath, { force: true }).catch(() => undefined);
  return fetched;
}

/** Closes the file before it returns: one that is still being opened or written could not be removed for good. */
async function fetchInto(
  file: FileHandle,
  { files, instance, guestPath, most }: FetchRequest,
): Promise<Fetched> {
  let bytes = 0;
  const sink = async (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > most) throw new TooLarge();
    await file.appendFile(chunk);
  };
  try {
    const limit = { timeoutMs: silenceLimitMs };
    const fetched = await files
      .stream(instance, guestPath, sink, limit)
      .finally(() => file.close());
    if (fetched.ok) return { kind: 'kept', bytes };
    const isSilent = fetched.error.kind === 'timeout';
    return { kind: 'failed', message: describeIncusError(fetched.error), isSilent, isOurs: false };
  } catch (error) {
    return error instanceof TooLarge ? { kind: 'too-large' } : failed(error);
  }
}

function failed(error: unknown): Fetched {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', message, isSilent: false, isOurs: isDiskFault(error) };
}
