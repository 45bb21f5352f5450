import { fail, ok, type Outcome, type Timer } from '@pikaci/model';
import { shownUrl } from '../settings/endpoint.js';
import type { ExportSettings } from '../settings/settings.js';
import { encodeJson } from './json.js';
import { post, type CollectorAnswer } from './post.js';
import { encodeProtobuf } from './protobuf.js';
import { readRejection } from './rejection.js';
import type { TraceRequest } from './trace-request.js';

/** Spans in one request; collectors refuse requests that are too long. */
const mostSpans = 512;

/** Answers after which the specification has a client try again. */
const transient = [429, 502, 503, 504];

const firstBackoffMs = 250;

/** What an export needs of the world. */
export interface ExportPorts {
  readonly timer: Timer;
  /** From 0 to 1: spreads clients that try again. */
  readonly random: () => number;
  /** Aborted when nobody wants to wait for it any more. */
  readonly signal: AbortSignal;
}

/**
 * Sends the spans of a trace, and takes no longer than the settings allow, however many requests that are. Requests that
 * the collector cannot take just now are sent again.
 */
export async function exportTrace(
  settings: ExportSettings,
  trace: TraceRequest,
  ports: ExportPorts,
): Promise<Outcome<void>> {
  const limit = new AbortController();
  const stop = ports.timer.after(settings.timeoutMs, () => limit.abort());
  const signal = AbortSignal.any([limit.signal, ports.signal]);
  try {
    for (let first = 0; first < trace.spans.length; first += mostSpans) {
      const spans = trace.spans.slice(first, first + mostSpans);
      const sent = await send(settings, { ...trace, spans }, { ...ports, signal });
      if (!sent.ok) return sent;
    }
    return ok(undefined);
  } catch (thrown) {
    return notExported(settings, whyNot(thrown, { settings, limit: limit.signal, ports }));
  } finally {
    stop();
  }
}

async function send(
  settings: ExportSettings,
  request: TraceRequest,
  ports: ExportPorts,
): Promise<Outcome<void>> {
  const encode = settings.protocol === 'http/json' ? encodeJson : encodeProtobuf;
  const body = encode(request);
  const { name, version } = request.scope;
  const options = { userAgent: `${name}/${version}`, signal: ports.signal };
  for (let attempt = 0; ; attempt += 1) {
    const answer = await post(settings, body, options);
    if (!transient.includes(answer.status)) return judge(settings, answer);
    const delayMs = backoffMs(answer, attempt, ports.random());
    // The export would be over before it is.
    if (delayMs >= settings.timeoutMs) return judge(settings, answer);
    await pause(ports, delayMs);
  }
}

/** Between half and all of 250 ms, 500 ms, 1 s…, unless the collector says when; never at once. */
function backoffMs(
  { retryAfterSeconds }: CollectorAnswer,
  attempt: number,
  random: number,
): number {
  if (retryAfterSeconds !== null) return Math.max(firstBackoffMs, retryAfterSeconds * 1000);
  return firstBackoffMs * 2 ** attempt * (0.5 + random / 2);
}

/** Rejects when it is aborted. */
function pause({ timer, signal }: ExportPorts, delayMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = () => {
      stop();
      reject(new Error('aborted'));
    };
    const stop = timer.after(delayMs, () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
  });
}

function judge(settings: ExportSettings, { status, body }: CollectorAnswer): Outcome<void> {
  if (status < 200 || status > 299) return notExported(settings, `it answered ${status}`);
  const rejection = readRejection(settings.protocol, body);
  return rejection === null ? ok(undefined) : notExported(settings, rejection);
}

function whyNot(
  thrown: unknown,
  world: {
    readonly settings: ExportSettings;
    readonly limit: AbortSignal;
    readonly ports: ExportPorts;
  },
): string {
  if (world.ports.signal.aborted) return 'it was not waited for any longer';
  if (world.limit.aborted) return `it did not take it within ${world.settings.timeoutMs} ms`;
  return errorText(thrown);
}

/** Where a name has several addresses, the errors of all of them are in one that says nothing itself. */
function errorText(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === '') {
    return thrown.errors.map(errorText).join(', ');
  }
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The port of gRPC collectors, which speak no HTTP that we do. */
const grpcPort = '4317';

function notExported({ url }: ExportSettings, reason: string): Outcome<void> {
  const hint =
    url.port === grpcPort
      ? { hint: `Port ${grpcPort} is mostly that of gRPC; 4318 is that of HTTP.` }
      : {};
  return fail('infrastructure', `The trace was not exported to ${shownUrl(url)}`, {
    reason,
    ...hint,
  });
}
