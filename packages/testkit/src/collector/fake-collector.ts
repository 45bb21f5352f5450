import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { CollectedSpan } from './collected-span.js';
import { decodeJsonSpans } from './decode-json.js';
import { decodeProtobufSpans } from './decode-protobuf.js';

/** What a collector was sent. */
export interface CollectedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly spans: readonly CollectedSpan[];
}

/** What a collector answers to one request. */
export interface CollectorAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A collector of OpenTelemetry traces over HTTP, steered by a test. Disposing of it closes it. */
export class FakeCollector implements AsyncDisposable {
  readonly requests: CollectedRequest[] = [];
  /** For the requests to come, one each; after the last one they are answered with success. */
  readonly answers: CollectorAnswer[] = [];
  /** Called with each request that came; while it is set, none is answered. */
  onHeld: (() => void) | null = null;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void buffer(request).then((sent) => {
        const { method = '', url: path = '', headers } = request;
        const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
        const isJson = headers['content-type'] === 'application/json';
        const spans = isJson ? decodeJsonSpans(body) : decodeProtobufSpans(body);
        this.requests.push({ method, path, headers, spans });
        if (this.onHeld === null) this.#answer(response);
        else this.onHeld();
      });
    });
  }

  /** All spans so far. */
  get spans(): readonly CollectedSpan[] {
    return this.requests.flatMap(({ spans }) => spans);
  }

  /** Its base address. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(response: ServerResponse): void {
    const { status, headers = {}, body = '{}' } = this.answers.shift() ?? { status: 200 };
    response.writeHead(status, headers).end(body);
  }
}

/** Starts a collector at a free port of this machine. */
export async function startFakeCollector(): Promise<FakeCollector> {
  const collector = new FakeCollector();
  await collector.listen();
  return collector;
}
