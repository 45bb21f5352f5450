import type { Attributes, AttributeValue, Span } from '../trace/span.js';
import {
  errorStatus,
  kindNumbers,
  nanoseconds,
  sampledFlag,
  type TraceRequest,
} from './trace-request.js';

/** `ExportTraceServiceRequest` in the JSON form of OTLP: ids as hex digits, 64-bit integers as text. */
export function encodeJson(request: TraceRequest): Buffer {
  const scopeSpans = [
    { scope: request.scope, spans: request.spans.map((span) => spanValue(request.traceId, span)) },
  ];
  const resource = { attributes: keyValues(request.resource) };
  return Buffer.from(JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }));
}

function spanValue(traceId: string, span: Span): unknown {
  return {
    traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    flags: sampledFlag,
    name: span.name,
    kind: kindNumbers[span.kind],
    startTimeUnixNano: nanoseconds(span.startMs).toString(),
    endTimeUnixNano: nanoseconds(span.endMs).toString(),
    attributes: keyValues(span.attributes),
    status: span.error === null ? {} : { code: errorStatus, message: span.error },
  };
}

function keyValues(given: Attributes): unknown {
  return Object.entries(given).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
