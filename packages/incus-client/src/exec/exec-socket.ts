import { err, ok } from '@pikaci/model';
import type WebSocket from 'ws';
import type { ConnectionError, IncusResult } from '../incus-error.js';
import type { ChunkSink } from '../transport/read-body.js';
import { connectionError } from '../transport/send.js';

/** How a stream of a command ended: with Incus' end mark, or with the connection. */
export type StreamEnd = 'complete' | 'broken';

/**
 * Resolves when the socket is connected. What arrives before somebody listens is lost, so listeners are attached
 * before this is awaited.
 */
export function connected(socket: WebSocket, request: string): Promise<IncusResult<void>> {
  return new Promise((resolve) => {
    socket.once('open', () => resolve(ok(undefined)));
    // The server refused the upgrade: its words are in the body, the status is enough here.
    socket.once('error', (cause) => resolve(err(connectionError(request, cause))));
    socket.once('close', () => resolve(err(closedEarly(request))));
  });
}

/**
 * Gives a stream's bytes to a listener and resolves at its end. Incus marks the end with an empty text message and then
 * drops the connection without a close frame, so a connection that ends without the mark was lost.
 */
export function streamOutput(
  socket: WebSocket,
  onChunk: ChunkSink | undefined,
): Promise<StreamEnd> {
  const passOn = takingTurns(socket, onChunk);
  return new Promise((resolve) => {
    socket.on('message', (data: WebSocket.RawData, isBinary) => {
      const chunk = toBuffer(data);
      if (isBinary) passOn(chunk);
      else if (chunk.length === 0) resolve('complete');
    });
    // 1000: a server that does send a close frame.
    socket.once('close', (code) => resolve(code === 1000 ? 'complete' : 'broken'));
  });
}

/**
 * Passes on what is read, and reads no more while somebody has not yet taken it: it must not pile up in memory. What
 * one read brought is passed on as a whole.
 */
function takingTurns(socket: WebSocket, onChunk: ChunkSink | undefined): (chunk: Buffer) => void {
  let untaken = 0;
  const goOn = (): void => {
    untaken -= 1;
    if (untaken === 0) socket.resume();
  };
  return (chunk) => {
    const taken = onChunk?.(chunk);
    if (!(taken instanceof Promise)) return;
    untaken += 1;
    socket.pause();
    taken.then(goOn, goOn);
  };
}

/** Sends what the command is to read, and the end of file: an empty text message. */
export async function feedInput(
  socket: WebSocket,
  input: string | Uint8Array | AsyncIterable<Uint8Array> | undefined,
): Promise<void> {
  await sendInput(socket, input);
  if (socket.readyState === socket.OPEN) socket.send('', { binary: false });
}

/** Sends what the command is to read. */
export async function sendInput(
  socket: WebSocket,
  input: string | Uint8Array | AsyncIterable<Uint8Array> | undefined,
): Promise<void> {
  if (typeof input === 'string' || input instanceof Uint8Array) {
    const bytes = Buffer.from(input);
    for (let from = 0; from < bytes.length; from += CHUNK)
      if (!(await sent(socket, bytes.subarray(from, from + CHUNK)))) return;
  } else if (input) {
    for await (const chunk of input) if (!(await sent(socket, chunk))) return;
  }
}

const CHUNK = 64 * 1024;

/** Resolves when a message left this process: that is what keeps a long input from piling up in memory. */
function sent(socket: WebSocket, chunk: Uint8Array): Promise<boolean> {
  if (chunk.length === 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    socket.send(chunk, { binary: true }, (error) => resolve(!error));
  });
}

/** The error of a socket that ended too early. */
export function closedEarly(request: string): ConnectionError {
  const message = 'the connection to the command was lost';
  return { kind: 'connection', code: 'CLOSED', message, request, maybeReceived: true };
}

function toBuffer(data: WebSocket.RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
