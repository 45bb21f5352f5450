import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import WebSocket, { WebSocketServer } from 'ws';
import { Refusal } from './answer.js';
import type { ExecSink, FakeExec } from './fake-exec.js';
import { objectOf } from './json-body.js';
import type { FakeOperation } from './operations.js';

/** The websockets of a command: four, or with a terminal two, of which the first has input and output. */
export class ExecStreams implements ExecSink {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sockets = new Map<string, WebSocket>();
  readonly #secrets: Readonly<Record<string, string>>;
  readonly #operation: FakeOperation;
  readonly #losesOutput: boolean;
  readonly #onReady: () => void;
  #exec: FakeExec | undefined;

  constructor(
    secrets: Readonly<Record<string, string>>,
    operation: FakeOperation,
    losesOutput: boolean,
    onReady: () => void,
  ) {
    this.#secrets = secrets;
    this.#operation = operation;
    this.#losesOutput = losesOutput;
    this.#onReady = onReady;
  }

  /** Connects the stream a secret stands for. */
  connect(secret: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [name] = Object.entries(this.#secrets).find(([, value]) => value === secret) ?? [];
    if (name === undefined) throw new Refusal(403, 'Invalid websocket secret');
    this.#server.handleUpgrade(request, socket, head, (connected) => {
      this.#sockets.set(name, connected);
      connected.on('error', () => undefined);
      if (name === '0') connected.on('message', (data, binary) => this.#input(data, binary));
      if (name === 'control') connected.on('message', (data) => this.#control(data));
      else connected.on('close', () => this.#exec?.kill('client-gone'));
      // The control stream is optional.
      const required = Object.keys(this.#secrets).filter((stream) => stream !== 'control');
      const ready = required.every((stream) => this.#sockets.has(stream));
      if (name !== 'control' && ready) this.#onReady();
    });
  }

  get #hasTerminal(): boolean {
    return this.#secrets['1'] === undefined;
  }

  /** The command that the streams belong to. */
  attach(exec: FakeExec): void {
    this.#exec = exec;
  }

  /** Ends a command whose streams were not connected in time. */
  expire(): void {
    if (this.#exec) return;
    this.#operation.fail('Timed out waiting for websockets to connect');
    this.drop();
  }

  write(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    const socket = this.#sockets.get(this.#hasTerminal ? '0' : stream === 'stdout' ? '1' : '2');
    if (!this.#losesOutput && socket?.readyState === WebSocket.OPEN)
      socket.send(chunk, { binary: true });
  }

  exited(returnCode: number): void {
    void this.#endOutput().then(() => this.#operation.succeed({ return: returnCode }));
  }

  refused(message: string, status: number): void {
    void this.#endOutput().then(() => this.#operation.fail(message, status));
  }

  dropped(): void {
    // The command goes on: Incus would kill it, and then only its children live.
    this.#exec = undefined;
    this.drop();
  }

  /** Cuts all connections, without any end mark. */
  drop(): void {
    for (const socket of this.#sockets.values()) socket.terminate();
  }

  /** As Incus does: an empty text message ends each output, then the connections are dropped without a close frame. */
  async #endOutput(): Promise<void> {
    if (this.#hasTerminal) return this.#endTerminal();
    await Promise.all(
      ['1', '2'].map((name) => {
        const socket = this.#sockets.get(name);
        return new Promise<void>((resolve) => {
          if (socket?.readyState !== WebSocket.OPEN) resolve();
          else socket.send('', { binary: false }, () => resolve());
        });
      }),
    );
    this.drop();
  }

  /** The end mark, and then it is the client's to leave: Incus waits for that. */
  async #endTerminal(): Promise<void> {
    const socket = this.#sockets.get('0');
    if (socket?.readyState === WebSocket.OPEN) {
      const left = once(socket, 'close');
      socket.send('', { binary: false });
      await left;
    }
    this.drop();
  }

  #input(data: WebSocket.RawData, binary: boolean): void {
    const chunk = Buffer.from(data as Buffer);
    this.#exec?.receive(binary ? chunk : undefined);
  }

  #control(data: WebSocket.RawData): void {
    const { command, signal, args } = objectOf(JSON.parse(Buffer.from(data as Buffer).toString()));
    if (command === 'signal' && typeof signal === 'number') this.#exec?.receiveSignal(signal);
    if (command !== 'window-resize') return;
    const { width, height } = objectOf(args);
    this.#exec?.receiveSize({ width: Number(width), height: Number(height) });
  }
}
