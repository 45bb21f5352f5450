import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** A request the fake received, for handlers and for tests to look at. */
export interface FakeRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A refusal, in Incus' words. Thrown by handlers and turned into an error frame. */
export class Refusal extends Error {
  /** The HTTP status. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What a handler answers. */
export interface FakeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A JSON answer in the frame of the API. */
export function sync(metadata: unknown, headers: Record<string, string> = {}): FakeAnswer {
  const frame = { ...frameOf('sync', 'Success', 200), metadata };
  return json(200, frame, headers);
}

/** The answer to a request that started an operation. */
export function started(path: string, metadata: unknown): FakeAnswer {
  const frame = { ...frameOf('async', 'Operation created', 100), operation: path, metadata };
  return json(202, frame, { location: path });
}

/** An error in the frame of the API. */
export function refused(status: number, error: string): FakeAnswer {
  return json(status, { ...frameOf('error', '', 0), error_code: status, error, metadata: null });
}

/** Bytes as they are. */
export function raw(body: Buffer, headers: Record<string, string> = {}, status = 200): FakeAnswer {
  return { status, headers: { 'content-type': 'application/octet-stream', ...headers }, body };
}

/** Sends an answer; a HEAD gets none of its body. */
export function reply(
  request: IncomingMessage,
  response: ServerResponse,
  answer: FakeAnswer,
): void {
  const body = request.method === 'HEAD' ? Buffer.alloc(0) : answer.body;
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
  response.end(body);
}

function frameOf(type: string, status: string, code: number): Record<string, unknown> {
  return { type, status, status_code: code, operation: '', error_code: 0, error: '' };
}

function json(status: number, frame: object, headers: Record<string, string> = {}): FakeAnswer {
  const body = Buffer.from(`${JSON.stringify(frame)}\n`);
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}
