import { err, ok } from '@pikaci/model';
import type { IncusResult } from '../incus-error.js';
import { apiPath } from '../transport/api-path.js';
import { prepare, type JsonRequest } from '../transport/call.js';
import type { Connection } from '../transport/connection.js';
import type { Deadline } from '../transport/deadline.js';
import { openEnvelope } from '../transport/envelope.js';
import { readBody } from '../transport/read-body.js';
import { nameRequest, send, type Incoming } from '../transport/send.js';
import { fileMetadata, type FileMetadata } from './file-metadata.js';

/** A file whose content is about to be read. */
export interface OpenFile {
  readonly metadata: FileMetadata;
  readonly incoming: Incoming;
  /** The request as errors name it: with the file's path, which is what a reader looks for. */
  readonly request: string;
}

/** The request for a path of an instance's files. */
export function fileRequest(
  method: 'GET' | 'HEAD' | 'POST' | 'DELETE',
  instance: string,
  path: string,
): JsonRequest {
  return { method, path: apiPath('instances', instance, 'files'), query: { path } };
}

/**
 * Asks for a file, or for a range of it such as `bytes=10-`, and reads its metadata; the body is left to the caller.
 * A range past the end (status 416) is an open file without content, not an error.
 */
export async function openFile(
  connection: Connection,
  whole: JsonRequest,
  deadline: Deadline,
  range?: string,
): Promise<IncusResult<OpenFile>> {
  const call = range === undefined ? whole : { ...whole, headers: { range } };
  const outgoing = prepare(connection, call);
  const request = `${nameRequest(outgoing)} (${String(call.query?.['path'])})`;
  const sent = await send(connection, outgoing, deadline);
  if (!sent.ok) return err({ ...sent.error, request });
  const incoming = sent.value;
  const metadata = fileMetadata(incoming.headers);
  if (isServed(incoming.status) && metadata) return ok({ metadata, incoming, request });
  const body = await readBody(incoming.body, request, deadline);
  if (!body.ok) return body;
  const refused = openEnvelope(incoming.status, body.value, request);
  return refused.ok
    ? err({ kind: 'protocol', request, message: 'the answer does not say what kind of file it is' })
    : refused;
}

const isServed = (status: number): boolean => status < 400 || status === 416;
