import type { z } from 'zod';
import type { CallOptions } from './call-options.js';
import { systemClock, type Clock } from './clock.js';
import { createSubscribeToEvents, type SubscribeToEvents } from './events/events.js';
import type { Exec, ExecInteractive, ExecRecorded } from './exec/exec-api.js';
import { createExec, createExecInteractive } from './exec/exec.js';
import { createExecRecorded } from './exec/exec-recorded.js';
import { createFilesApi } from './files/create-files-api.js';
import type { FilesApi } from './files/files-api.js';
import { createImagesApi, type ImagesApi } from './images/images-api.js';
import type { IncusResult } from './incus-error.js';
import { createInstancesApi } from './instances/create-instances-api.js';
import type { InstancesApi } from './instances/instances-api.js';
import { serverSchema, type Server } from './server/server.js';
import { callFor } from './transport/call.js';
import { createAgent, type Connection } from './transport/connection.js';

/** Which server to talk to, and how. */
export interface IncusClientOptions {
  /** The server's unix socket, usually `/var/lib/incus/unix.socket`. At most 107 bytes, as everywhere. */
  readonly socketPath: string;
  /** The project of all requests; the server's default one when left out. */
  readonly project?: string | undefined;
  /** For tests of retries. */
  readonly clock?: Clock | undefined;
  /** For how long changes are repeated while another operation keeps an instance busy. Default: 10 s. */
  readonly busyRetryMs?: number | undefined;
}

/** A server's API. Expected failures are values; nothing here throws for them. */
export interface IncusClient {
  /** Describes the server; also the way to see whether it answers. */
  server(options?: CallOptions): Promise<IncusResult<Server>>;
  /** Reads anything else of the API: a path below `/1.0`, and the shape its metadata must have. */
  get<T>(path: string, schema: z.ZodType<T>, options?: CallOptions): Promise<IncusResult<T>>;
  readonly images: ImagesApi;
  readonly instances: InstancesApi;
  readonly files: FilesApi;
  readonly exec: Exec;
  readonly execInteractive: ExecInteractive;
  readonly execRecorded: ExecRecorded;
  readonly events: SubscribeToEvents;
  /** Closes the connections that are kept open between requests. */
  close(): void;
}

/** A client of the Incus server behind a unix socket. Connects with the first request. */
export function createIncusClient(options: IncusClientOptions): IncusClient {
  const connection: Connection = {
    socketPath: options.socketPath,
    agent: createAgent(),
    project: options.project,
    clock: options.clock ?? systemClock,
    busyRetryMs: options.busyRetryMs ?? 10_000,
  };
  const get: IncusClient['get'] = (path, schema, callOptions = {}) =>
    callFor(connection, schema, { method: 'GET', path }, callOptions);
  return {
    server: (callOptions) => get('/1.0', serverSchema, callOptions),
    get,
    images: createImagesApi(connection),
    instances: createInstancesApi(connection),
    files: createFilesApi(connection),
    exec: createExec(connection),
    execInteractive: createExecInteractive(connection),
    execRecorded: createExecRecorded(connection),
    events: createSubscribeToEvents(connection),
    close: () => connection.agent.destroy(),
  };
}
