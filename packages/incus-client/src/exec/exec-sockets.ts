import { ok } from '@pikaci/model';
import type WebSocket from 'ws';
import type { IncusResult } from '../incus-error.js';
import { below } from '../transport/api-path.js';
import type { Connection } from '../transport/connection.js';
import { openWebSocket } from '../transport/websocket.js';
import type {
  ExecControl,
  ExecStreams,
  InteractiveControl,
  InteractiveExecOptions,
} from './exec-api.js';
import { connected, feedInput, sendInput, streamOutput, type StreamEnd } from './exec-socket.js';

/** The secrets the server gives for the streams of one command. */
export type ExecSecrets = Readonly<Record<'0' | '1' | '2' | 'control', string>>;

/** The secrets the server gives for a command with a terminal, which has one stream for input and output. */
export type TerminalSecrets = Pick<ExecSecrets, '0' | 'control'>;

/** The connected streams of one command. */
export interface ExecSockets<Control = ExecControl> {
  readonly control: Control;
  /** Resolves when all outputs ended. */
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
  const { open, close } = socketsOf(connection, operation, secrets);
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

/** Connects the terminal of a command. The command starts when that is there, so the control socket comes first here, too. */
export async function connectTerminal(
  connection: Connection,
  operation: string,
  secrets: TerminalSecrets,
  options: InteractiveExecOptions,
  request: string,
): Promise<IncusResult<ExecSockets<InteractiveControl>>> {
  const { open, close } = socketsOf(connection, operation, secrets);
  const control = open('control');
  const first = await connected(control, request);
  if (!first.ok) return (close(), first);
  const terminal = open('0');
  const output = streamOutput(terminal, options.onOutput);
  const outputs = [output];
  // The command is over, and Incus waits for who types to leave, too.
  void output.then(() => terminal.close());
  const second = await connected(terminal, request);
  if (!second.ok) return (close(), second);
  return ok({
    control: {
      signal: (number) => sendSignal(control, number),
      resize: ({ width, height }) =>
        // Numbers are texts in this message.
        send(control, {
          command: 'window-resize',
          args: { width: String(width), height: String(height) },
        }),
    },
    ends: Promise.all(outputs),
    lost: firstBroken(outputs),
    feed: () => sendInput(terminal, options.input),
    close,
  });
}

/** Opens the sockets of one command, and closes those that were opened. */
function socketsOf<Name extends string>(
  connection: Connection,
  operation: string,
  secrets: Readonly<Record<Name, string>>,
): { readonly open: (name: Name) => WebSocket; readonly close: () => void } {
  const opened: WebSocket[] = [];
  return {
    open: (name) => {
      const path = below(operation, 'websocket');
      const socket = openWebSocket(connection, path, { secret: secrets[name] });
      // Without a listener an error of a socket that is connected would be thrown.
      socket.on('error', ignore);
      opened.push(socket);
      return socket;
    },
    close: () => opened.forEach((socket) => socket.terminate()),
  };
}

const ignore = (): void => undefined;

function sendSignal(control: WebSocket, signal: number): void {
  send(control, { command: 'signal', signal });
}

function send(control: WebSocket, message: object): void {
  if (control.readyState === control.OPEN) control.send(JSON.stringify(message));
}

function firstBroken(outputs: readonly Promise<StreamEnd>[]): Promise<void> {
  return new Promise((resolve) => {
    for (const output of outputs) void output.then((end) => end === 'broken' && resolve());
  });
}
