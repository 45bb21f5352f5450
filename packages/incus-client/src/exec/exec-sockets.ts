import { ok } from '@pikaci/model';
import type WebSocket from 'ws';
import type { IncusResult } from '../incus-error.js';
import { below } from '../transport/api-path.js';
import type { Connection } from '../transport/connection.js';
import { openWebSocket } from '../transport/websocket.js';
import type { ExecControl, ExecStreams } from './exec-api.js';
import { connected, feedInput, streamOutput, type StreamEnd } from './exec-socket.js';

/** The secrets the server gives for the streams of one command. */
export type ExecSecrets = Readonly<Record<'0' | '1' | '2' | 'control', string>>;

/** The connected streams of one command. */
export interface ExecSockets {
  readonly control: ExecControl;
  /** Resolves when both outputs ended. */
  readonly ends: Promise<readonly StreamEnd[]>;
  /** Resolves as soon as one output is lost; never when both end as they should. */
  readonly lost: Promise<void>;
  /** Sends the input; resolves when it is sent, or cannot be. */
  feed(): Promise<void>;
  close(): void;
}

/**
 * Connects the streams of a command: the control socket first and then the others at once. The command starts when the
 * last of them is there, and a fast one would be over before a later control socket could be connected.
 */
export async function connectExec(
  connection: Connection,
  operation: string,
  secrets: ExecSecrets,
  streams: ExecStreams,
  request: string,
): Promise<IncusResult<ExecSockets>> {
  const opened: WebSocket[] = [];
  const open = (name: keyof ExecSecrets): WebSocket => {
    const socket = openWebSocket(connection, below(operation, 'websocket'), {
      secret: secrets[name],
    });
    // Without a listener an error of a socket that is connected would be thrown.
    socket.on('error', ignore);
    opened.push(socket);
    return socket;
  };
  const close = (): void => opened.forEach((socket) => socket.terminate());

  const control = open('control');
  const first = await connected(control, request);
  if (!first.ok) return (close(), first);
  const [stdin, stdout, stderr] = [open('0'), open('1'), open('2')];
  const outputs = [streamOutput(stdout, streams.onStdout), streamOutput(stderr, streams.onStderr)];
  for (const result of await Promise.all(
    [stdin, stdout, stderr].map((socket) => connected(socket, request)),
  ))
    if (!result.ok) return (close(), result);

  return ok({
    control: { signal: (number) => sendSignal(control, number) },
    ends: Promise.all(outputs),
    lost: firstBroken(outputs),
    feed: () => feedInput(stdin, streams.stdin),
    close,
  });
}

const ignore = (): void => undefined;

function sendSignal(control: WebSocket, signal: number): void {
  if (control.readyState === control.OPEN)
    control.send(JSON.stringify({ command: 'signal', signal }));
}

function firstBroken(outputs: readonly Promise<StreamEnd>[]): Promise<void> {
  return new Promise((resolve) => {
    for (const output of outputs) void output.then((end) => end === 'broken' && resolve());
  });
}
