import { ok } from '@pikaci/model';
import type { CallOptions } from '../call-options.js';
import type { IncusResult } from '../incus-error.js';
import { runOperation, runWhenIdle, withoutValue } from '../operations/run.js';
import { apiPath } from '../transport/api-path.js';
import { call, callFor } from '../transport/call.js';
import type { Connection } from '../transport/connection.js';
import { check } from '../transport/envelope.js';
import { readText } from '../transport/read-raw.js';
import { instanceListSchema, instanceSchema } from './instance.js';
import { instanceStateSchema } from './instance-state.js';
import { createBody } from './instance-spec.js';
import type { ChangeOptions, InstancesApi, InstanceWithEtag } from './instances-api.js';
import { removeInstance } from './remove-instance.js';
import { startFailureLines } from './start-failure.js';

/** The instances of one server and project. */
export function createInstancesApi(connection: Connection): InstancesApi {
  const instance = (...below: readonly string[]): string => apiPath('instances', ...below);

  const change = async (
    method: 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    json: unknown,
    { etag, ...options }: ChangeOptions = {},
  ): Promise<IncusResult<void>> => {
    const headers = etag === undefined ? undefined : { 'if-match': etag };
    return withoutValue(await runWhenIdle(connection, { method, path, json, headers }, options));
  };

  const log = (
    name: string,
    file: string,
    options: CallOptions = {},
  ): Promise<IncusResult<string>> => readText(connection, instance(name, 'logs', file), options);

  const api: InstancesApi = {
    async create(spec, { target, ...options } = {}) {
      const json = createBody(spec);
      const outgoing = { method: 'POST', path: instance(), query: { target }, json } as const;
      return withoutValue(await runOperation(connection, outgoing, options));
    },
    get: (name, options = {}) => getInstance(connection, instance(name), options),
    list: ({ filter, ...options } = {}) =>
      callFor(
        connection,
        instanceListSchema,
        { method: 'GET', path: instance(), query: { recursion: 1, filter } },
        options,
      ),
    getState: (name, options = {}) =>
      callFor(
        connection,
        instanceStateSchema,
        { method: 'GET', path: instance(name, 'state') },
        options,
      ),
    setState: (name, { action, force, timeoutSeconds }, options) =>
      change('PUT', instance(name, 'state'), { action, force, timeout: timeoutSeconds }, options),
    delete: (name, options) => change('DELETE', instance(name), undefined, options),
    remove: (name, options = {}) => removeInstance(connection, api, name, options),
    patch: (name, patch, options) => change('PATCH', instance(name), patch, options),
    replace: (name, definition, options) => change('PUT', instance(name), definition, options),
    log,
    async explainStartFailure(name, options) {
      const text = await log(name, 'lxc.log', options);
      return text.ok ? ok(startFailureLines(text.value)) : text;
    },
  };
  return api;
}

async function getInstance(
  connection: Connection,
  path: string,
  options: CallOptions,
): Promise<IncusResult<InstanceWithEtag>> {
  const answer = await call(connection, { method: 'GET', path }, options);
  if (!answer.ok) return answer;
  const { envelope, etag } = answer.value;
  const read = check(instanceSchema, envelope.metadata, `GET ${path}`);
  return read.ok ? ok({ ...read.value, etag }) : read;
}
