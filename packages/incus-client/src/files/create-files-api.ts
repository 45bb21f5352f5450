import { defaultTimeLimits, type CallOptions } from '../call-options.js';
import type { IncusResult } from '../incus-error.js';
import { withoutValue } from '../operations/run.js';
import { call, exchange } from '../transport/call.js';
import type { Connection } from '../transport/connection.js';
import { startDeadline, type Deadline } from '../transport/deadline.js';
import { metadataHeaders } from './file-metadata.js';
import type { FilesApi } from './files-api.js';
import { fileRequest } from './open-file.js';
import { readFile, statFile } from './read-file.js';
import { fileSize, streamFile } from './stream-file.js';

/** The files of the instances of one server and project. */
export function createFilesApi(connection: Connection): FilesApi {
  return {
    read: (instance, path, options) =>
      within(options, (deadline) => readFile(connection, instance, path, deadline)),
    stat: (instance, path, options) =>
      within(options, (deadline) => statFile(connection, instance, path, deadline)),
    size: (instance, path, options) =>
      within(options, (deadline) => fileSize(connection, instance, path, deadline)),
    stream: (instance, path, sink, options) =>
      within(options, (deadline) =>
        streamFile(connection, instance, path, sink, options?.offset ?? 0, deadline),
      ),
    write: (instance, path, content, options = {}) =>
      within(options, async (deadline) => {
        const headers = {
          'content-type': 'application/octet-stream',
          'x-incus-write': options.append ? 'append' : 'overwrite',
          ...metadataHeaders(options),
        };
        const request = { ...fileRequest('POST', instance, path), headers, body: content };
        return withoutValue(await exchange(connection, request, deadline));
      }),
    delete: async (instance, path, options = {}) =>
      withoutValue(await call(connection, fileRequest('DELETE', instance, path), options)),
  };
}

async function within<T>(
  options: CallOptions | undefined,
  work: (deadline: Deadline) => Promise<IncusResult<T>>,
): Promise<IncusResult<T>> {
  const deadline = startDeadline(options ?? {}, defaultTimeLimits.transferIdle);
  try {
    return await work(deadline);
  } finally {
    deadline.dispose();
  }
}
