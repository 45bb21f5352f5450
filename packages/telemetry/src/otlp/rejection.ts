import type { Protocol } from '../settings/settings.js';
import { readFields } from './read-wire.js';

/** What a collector says that it did not take of a request that it answered with success. */
interface PartialSuccess {
  readonly rejectedSpans: number;
  readonly errorMessage: string;
}

/** Why a collector that answered with success did not take all spans; null: it did. */
export function readRejection(protocol: Protocol, body: Buffer): string | null {
  const read = protocol === 'http/json' ? fromJson : fromProtobuf;
  const { rejectedSpans, errorMessage } = read(body);
  if (!(rejectedSpans > 0)) return null;
  return `it rejected ${rejectedSpans} spans${errorMessage === '' ? '' : `: ${errorMessage}`}`;
}

function fromJson(body: Buffer): PartialSuccess {
  const { partialSuccess } = parsed(body);
  const { rejectedSpans, errorMessage } = partialSuccess ?? {};
  return {
    rejectedSpans: Number(rejectedSpans),
    errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
  };
}

interface JsonResponse {
  readonly partialSuccess?: {
    readonly rejectedSpans?: unknown;
    readonly errorMessage?: unknown;
  } | null;
}

function parsed(body: Buffer): JsonResponse {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** `ExportTraceServiceResponse`: field 1 is the message `ExportTracePartialSuccess`. */
function fromProtobuf(body: Buffer): PartialSuccess {
  const partial = readFields(body).get(1);
  const fields = Buffer.isBuffer(partial) ? readFields(partial) : new Map<number, never>();
  const [count, text] = [fields.get(1), fields.get(2)];
  return {
    rejectedSpans: typeof count === 'bigint' ? Number(count) : 0,
    errorMessage: Buffer.isBuffer(text) ? text.toString() : '',
  };
}
