import { err, ok } from '@pikaci/model';
import { z } from 'zod';
import type { IncusResult } from '../incus-error.js';
import type { Connection } from '../transport/connection.js';
import type { Deadline } from '../transport/deadline.js';
import { check, openEnvelope } from '../transport/envelope.js';
import { readBody } from '../transport/read-body.js';
import type { FileMetadata } from './file-metadata.js';
import type { FileContent } from './files-api.js';
import { fileRequest, openFile } from './open-file.js';

/** Incus gives `null` for a directory without entries in some versions. */
const entriesSchema = z
  .array(z.string())
  .nullable()
  .transform((entries) => entries ?? []);

/** Reads a whole file, directory or link. */
export async function readFile(
  connection: Connection,
  instance: string,
  path: string,
  deadline: Deadline,
): Promise<IncusResult<FileContent>> {
  const opened = await openFile(connection, fileRequest('GET', instance, path), deadline);
  if (!opened.ok) return opened;
  const { metadata, incoming, request } = opened.value;
  const body = await readBody(incoming.body, request, deadline);
  if (!body.ok) return body;
  const { type, ...rest } = metadata;
  switch (type) {
    case 'file':
      return ok({ ...rest, type, content: body.value });
    case 'symlink':
      return ok({ ...rest, type, target: body.value.toString() });
    case 'directory': {
      const envelope = openEnvelope(incoming.status, body.value, request);
      if (!envelope.ok) return envelope;
      const entries = check(entriesSchema, envelope.value.metadata, request);
      return entries.ok ? ok({ ...rest, type, entries: entries.value }) : entries;
    }
  }
}

/** Reads what a path is. */
export async function statFile(
  connection: Connection,
  instance: string,
  path: string,
  deadline: Deadline,
): Promise<IncusResult<FileMetadata>> {
  const opened = await openFile(connection, fileRequest('HEAD', instance, path), deadline);
  if (!opened.ok) {
    // The answer to HEAD has no body, so the server's words are missing: name at least the status.
    const { error } = opened;
    return error.kind === 'api' && error.status === 404
      ? err({ ...error, message: 'Not Found' })
      : opened;
  }
  const { metadata, incoming, request } = opened.value;
  const body = await readBody(incoming.body, request, deadline);
  return body.ok ? ok(metadata) : body;
}
