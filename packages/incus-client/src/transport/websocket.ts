import WebSocket from 'ws';
import { withQuery } from './api-path.js';
import type { Connection } from './connection.js';

/** Starts to connect a websocket of the API. Messages are never compressed: the socket is a local one. */
export function openWebSocket(
  connection: Connection,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): WebSocket {
  const target = withQuery(path, { ...query, project: connection.project });
  return new WebSocket(`ws+unix:${connection.socketPath}:${target}`, {
    perMessageDeflate: false,
    headers: { host: 'incus' },
  });
}
