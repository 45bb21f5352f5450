import { ok } from '@pikaci/model';
import type { z } from 'zod';
import { defaultTimeLimits, type CallOptions } from '../call-options.js';
import type { IncusResult } from '../incus-error.js';
import { withQuery, type Query } from './api-path.js';
import type { Connection } from './connection.js';
import { startDeadline, type Deadline } from './deadline.js';
import { check, openEnvelope, type Envelope } from './envelope.js';
import { readBody } from './read-body.js';
import { nameRequest, send, type OutgoingRequest } from './send.js';

/** A request whose answer is JSON. */
export interface JsonRequest {
  readonly method: OutgoingRequest['method'];
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, instead of JSON. */
  readonly body?: OutgoingRequest['body'];
}

/** An answer out of its frame, with the etag of what was read. */
export interface Answer {
  readonly envelope: Envelope;
  readonly etag: string | undefined;
}

/** The request as it goes out: project and body added. */
export function prepare(connection: Connection, call: JsonRequest): OutgoingRequest {
  const json = call.json === undefined ? undefined : JSON.stringify(call.json);
  return {
    method: call.method,
    path: withQuery(call.path, { ...call.query, project: connection.project }),
    headers: {
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    body: json ?? call.body,
  };
}

/** Sends a request and reads its JSON answer within a deadline that is already running. */
export async function exchange(
  connection: Connection,
  call: JsonRequest,
  deadline: Deadline,
): Promise<IncusResult<Answer>> {
  const outgoing = prepare(connection, call);
  const name = nameRequest(outgoing);
  const incoming = await send(connection, outgoing, deadline);
  if (!incoming.ok) return incoming;
  const { status, headers, body } = incoming.value;
  const bytes = await readBody(body, name, deadline);
  if (!bytes.ok) return bytes;
  const envelope = openEnvelope(status, bytes.value, name);
  return envelope.ok ? ok({ envelope: envelope.value, etag: unquote(headers.etag) }) : envelope;
}

/** A whole call with a time limit of its own. */
export async function call(
  connection: Connection,
  outgoing: JsonRequest,
  options: CallOptions,
): Promise<IncusResult<Answer>> {
  const deadline = startDeadline(options, defaultTimeLimits.request);
  try {
    return await exchange(connection, outgoing, deadline);
  } finally {
    deadline.dispose();
  }
}

/** A call whose answer's metadata must be of a given shape. */
export async function callFor<T>(
  connection: Connection,
  schema: z.ZodType<T>,
  outgoing: JsonRequest,
  options: CallOptions,
): Promise<IncusResult<T>> {
  const answer = await call(connection, outgoing, options);
  if (!answer.ok) return answer;
  return check(schema, answer.value.envelope.metadata, nameRequest(outgoing));
}

/** Incus sends etags quoted and wants them back bare. */
function unquote(etag: string | undefined): string | undefined {
  return etag?.replace(/^"(.*)"$/, '$1');
}
