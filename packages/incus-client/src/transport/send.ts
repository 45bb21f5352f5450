import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { err, ok } from '@pikaci/model';
import type { ConnectionError, IncusResult } from '../incus-error.js';
import type { Connection } from './connection.js';
import type { Deadline } from './deadline.js';

/** One request, before anything is known of its answer. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | Readable | undefined;
}

/** The head of an answer; its body still has to be read. */
export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

/** The request as it is named in errors: method and path without query. */
export function nameRequest({ method, path }: OutgoingRequest): string {
  return `${method} ${path.split('?', 1)[0] ?? path}`;
}

/** Sends a request and resolves when the head of the answer is there. */
export async function send(
  connection: Connection,
  outgoing: OutgoingRequest,
  deadline: Deadline,
): Promise<IncusResult<Incoming>> {
  const first = await attempt(connection, outgoing, deadline);
  if (first.ok || !first.stale || outgoing.method !== 'GET') return first;
  // The server closed a kept connection just as it was used again: reading once more is safe.
  return attempt(connection, outgoing, deadline);
}

type Attempt = IncusResult<Incoming> & { readonly stale?: boolean };

function attempt(
  { socketPath, agent }: Connection,
  outgoing: OutgoingRequest,
  deadline: Deadline,
): Promise<Attempt> {
  const name = nameRequest(outgoing);
  const givenUp = deadline.failure(name);
  if (givenUp) return Promise.resolve(err(givenUp));
  const { method, path, body } = outgoing;
  const bytes = body === undefined || body instanceof Readable ? undefined : Buffer.from(body);
  const headers = {
    host: 'incus',
    ...(bytes ? { 'content-length': String(bytes.length) } : {}),
    ...outgoing.headers,
  };
  return new Promise((resolve) => {
    const { signal } = deadline;
    const call = request({ socketPath, agent, method, path, headers, signal });
    call.on('response', (answer) =>
      resolve(ok({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer })),
    );
    call.on('error', (cause) => {
      const error = deadline.failure(name) ?? connectionError(name, cause);
      resolve({ ...err(error), stale: call.reusedSocket && error.kind === 'connection' });
    });
    if (body instanceof Readable) {
      body.on('error', (cause) => call.destroy(cause));
      body.pipe(call);
    } else call.end(bytes);
  });
}

/** Codes of failures that happen before a single byte is sent. */
const unsent = new Set(['ENOENT', 'ECONNREFUSED', 'EACCES', 'ENOTSOCK', 'ENAMETOOLONG']);

/** The error value of a connection that failed. */
export function connectionError(request: string, cause: unknown): ConnectionError {
  const { code = 'UNKNOWN', message } = cause as NodeJS.ErrnoException;
  return { kind: 'connection', code, message, request, maybeReceived: !unsent.has(code) };
}
