import { err, ok } from '@pikaci/model';
import type { IncusResult } from '../incus-error.js';
import type { Connection } from '../transport/connection.js';
import type { Deadline } from '../transport/deadline.js';
import { drainBody, readBody, type ChunkSink } from '../transport/read-body.js';
import { totalSize } from './file-metadata.js';
import type { Transferred } from './files-api.js';
import { fileRequest, openFile, type OpenFile } from './open-file.js';

/** Reads a file from an offset to its end into a sink. */
export async function streamFile(
  connection: Connection,
  instance: string,
  path: string,
  sink: ChunkSink,
  offset: number,
  deadline: Deadline,
): Promise<IncusResult<Transferred>> {
  const call = fileRequest('GET', instance, path);
  const range = offset > 0 ? `bytes=${offset}-` : undefined;
  const opened = await openFile(connection, call, deadline, range);
  if (!opened.ok) return opened;
  const { metadata, incoming, request } = opened.value;
  if (metadata.type === 'directory') return err(notAFile(opened.value));
  if (incoming.status === 416) {
    await readBody(incoming.body, request, deadline);
    return ok({ ...metadata, bytes: 0 });
  }
  // A server that does not know ranges sends the whole file.
  let toSkip = incoming.status === 206 ? 0 : offset;
  let bytes = 0;
  const drained = await drainBody(incoming.body, request, deadline, async (chunk) => {
    deadline.renew();
    const rest = chunk.subarray(toSkip);
    toSkip -= chunk.length - rest.length;
    bytes += rest.length;
    if (rest.length > 0) await sink(rest);
  });
  return drained.ok ? ok({ ...metadata, bytes }) : drained;
}

/** The length of a file: asked for its first byte, the server says how many there are. */
export async function fileSize(
  connection: Connection,
  instance: string,
  path: string,
  deadline: Deadline,
): Promise<IncusResult<number>> {
  const call = fileRequest('GET', instance, path);
  const opened = await openFile(connection, call, deadline, 'bytes=0-0');
  if (!opened.ok) return opened;
  const { metadata, incoming, request } = opened.value;
  if (metadata.type === 'directory') return err(notAFile(opened.value));
  const body = await readBody(incoming.body, request, deadline);
  return body.ok ? ok(totalSize(incoming.headers) ?? body.value.length) : body;
}

function notAFile({ incoming, request }: OpenFile): {
  kind: 'protocol';
  request: string;
  message: string;
} {
  incoming.body.resume();
  return { kind: 'protocol', request, message: 'it is a directory, not a file' };
}
