import { err, ok } from '@pikaci/model';
import { defaultTimeLimits, type CallOptions } from '../call-options.js';
import type { IncusResult } from '../incus-error.js';
import { prepare } from './call.js';
import type { Connection } from './connection.js';
import { startDeadline } from './deadline.js';
import { openEnvelope } from './envelope.js';
import { readBody } from './read-body.js';
import { nameRequest, send } from './send.js';

/** Reads a file of the API that is served as it is, such as a log; errors still come as JSON. */
export async function readRaw(
  connection: Connection,
  path: string,
  options: CallOptions,
): Promise<IncusResult<Buffer>> {
  const deadline = startDeadline(options, defaultTimeLimits.request);
  const outgoing = prepare(connection, { method: 'GET', path });
  const name = nameRequest(outgoing);
  try {
    const incoming = await send(connection, outgoing, deadline);
    if (!incoming.ok) return incoming;
    const { status, body } = incoming.value;
    const bytes = await readBody(body, name, deadline);
    if (!bytes.ok || status === 200) return bytes;
    const refused = openEnvelope(status, bytes.value, name);
    return refused.ok
      ? err({ kind: 'protocol', request: name, message: `HTTP ${status} without an error` })
      : refused;
  } finally {
    deadline.dispose();
  }
}

/** Like {@link readRaw}, as text. */
export async function readText(
  connection: Connection,
  path: string,
  options: CallOptions,
): Promise<IncusResult<string>> {
  const bytes = await readRaw(connection, path, options);
  return bytes.ok ? ok(bytes.value.toString('utf8')) : bytes;
}
