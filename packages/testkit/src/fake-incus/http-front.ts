import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { refused, Refusal, reply, type FakeAnswer, type FakeRequest } from './answer.js';
import type { Faults } from './faults.js';

/** What the front passes on. */
export interface Backend {
  /** Answers a request; may throw a refusal. */
  answer(request: FakeRequest): FakeAnswer | Promise<FakeAnswer>;
  /** Takes over a websocket; may throw a refusal. */
  upgrade(request: FakeRequest, raw: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** The HTTP side of the fake: reads requests, plays planned faults, writes answers. */
export class HttpFront {
  /** All requests so far, in order of arrival. */
  readonly requests: FakeRequest[] = [];
  readonly #sockets = new Set<Duplex>();
  readonly #socketPath: string;
  readonly #backend: Backend;
  readonly #faults: Faults;
  #server: Server | undefined;

  constructor(socketPath: string, backend: Backend, faults: Faults) {
    this.#socketPath = socketPath;
    this.#backend = backend;
    this.#faults = faults;
  }

  /** Starts to listen. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    server.on('connection', (socket: Duplex) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('upgrade', (raw: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(raw, socket, head),
    );
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#socketPath, () => resolve()));
  }

  /** Cuts all connections there are. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Stops to listen and cuts all connections. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.dropConnections();
    await closed;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let request: FakeRequest;
    try {
      request = describe(incoming, await bodyOf(incoming));
    } catch {
      return; // The client went away in the middle of its request.
    }
    this.requests.push(request);
    const fault = this.#faults.take(request);
    if (fault?.kind === 'hold') {
      fault.arrive(request);
      await fault.gate;
    }
    if (fault?.kind === 'drop' && fault.when === 'before') return void incoming.socket.destroy();
    const answer = fault?.kind === 'answer' ? fault.answer : await this.#answer(request);
    if (fault?.kind === 'drop') {
      if (fault.when === 'after-headers') await sendHeadersOnly(response, answer);
      incoming.socket.destroy();
    } else reply(incoming, response, answer);
  }

  async #answer(request: FakeRequest): Promise<FakeAnswer> {
    try {
      return await this.#backend.answer(request);
    } catch (error) {
      if (error instanceof Refusal) return refused(error.status, error.message);
      return refused(500, `the fake failed: ${String(error)}`);
    }
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const request = describe(incoming, Buffer.alloc(0));
    this.requests.push(request);
    const fault = this.#faults.take(request);
    if (fault?.kind === 'drop') return void socket.destroy();
    try {
      if (fault?.kind === 'answer') throw new Refusal(fault.answer.status, 'refused by the test');
      this.#backend.upgrade(request, incoming, socket, head);
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500;
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
  }
}

function describe(incoming: IncomingMessage, body: Buffer): FakeRequest {
  const url = new URL(incoming.url ?? '/', 'http://incus');
  const { method = 'GET', headers } = incoming;
  return { method, path: url.pathname, query: url.searchParams, headers, body };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The head of an answer whose body never comes. */
function sendHeadersOnly(response: ServerResponse, answer: FakeAnswer): Promise<void> {
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-length': String(answer.body.length),
  });
  return new Promise((resolve) => response.write(answer.body.subarray(0, 1), () => resolve()));
}
