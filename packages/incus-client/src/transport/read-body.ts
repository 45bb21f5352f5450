import type { IncomingMessage } from 'node:http';
import { err, ok } from '@pikaci/model';
import type { IncusResult } from '../incus-error.js';
import type { Deadline } from './deadline.js';
import { connectionError } from './send.js';

/** Takes a piece of a transfer; when it returns a promise the transfer waits for it. */
export type ChunkSink = (chunk: Buffer) => void | Promise<void>;

/**
 * Reads a body to its end, piece by piece, and gives the number of bytes. A body that breaks off before its declared
 * end is an error; what was delivered until then stays delivered.
 */
export async function drainBody(
  body: IncomingMessage,
  request: string,
  deadline: Deadline,
  onChunk: ChunkSink,
): Promise<IncusResult<number>> {
  let bytes = 0;
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<unknown>;
    try {
      next = await chunks.next();
    } catch (cause) {
      return err(deadline.failure(request) ?? connectionError(request, cause));
    }
    if (next.done) return ok(bytes);
    const chunk = next.value as Buffer;
    bytes += chunk.length;
    await onChunk(chunk);
  }
}

/** Reads a whole body into memory. */
export async function readBody(
  body: IncomingMessage,
  request: string,
  deadline: Deadline,
): Promise<IncusResult<Buffer>> {
  const chunks: Buffer[] = [];
  const read = await drainBody(body, request, deadline, (chunk) => void chunks.push(chunk));
  return read.ok ? ok(Buffer.concat(chunks)) : read;
}
