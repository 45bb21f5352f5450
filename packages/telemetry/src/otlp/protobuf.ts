import type { Attributes, AttributeValue, Span } from '../trace/span.js';
import {
  errorStatus,
  kindNumbers,
  nanoseconds,
  sampledFlag,
  type TraceRequest,
} from './trace-request.js';
import {
  bytesField,
  doubleField,
  fixed32Field,
  fixed64Field,
  messageField,
  textField,
  varintField,
} from './wire.js';

/*
 * The numbers of the fields are those of opentelemetry/proto: collector/trace/v1/trace_service.proto, trace/v1/trace.proto,
 * resource/v1/resource.proto and common/v1/common.proto.
 */

/** `ExportTraceServiceRequest` as a Protocol Buffers message. */
export function encodeProtobuf(request: TraceRequest): Buffer {
  const { name, version } = request.scope;
  const scope = messageField(1, [textField(1, name), textField(2, version)]);
  const spans = request.spans.map((span) => messageField(2, spanParts(request.traceId, span)));
  return messageField(1, [
    messageField(1, keyValues(1, request.resource)),
    messageField(2, [scope, ...spans]),
  ]);
}

function spanParts(traceId: string, span: Span): readonly Buffer[] {
  return [
    bytesField(1, Buffer.from(traceId, 'hex')),
    bytesField(2, Buffer.from(span.spanId, 'hex')),
    ...(span.parentSpanId === null ? [] : [bytesField(4, Buffer.from(span.parentSpanId, 'hex'))]),
    textField(5, span.name),
    varintField(6, BigInt(kindNumbers[span.kind])),
    fixed64Field(7, nanoseconds(span.startMs)),
    fixed64Field(8, nanoseconds(span.endMs)),
    ...keyValues(9, span.attributes),
    messageField(15, statusParts(span)),
    fixed32Field(16, sampledFlag),
  ];
}

function statusParts({ error }: Span): readonly Buffer[] {
  return error === null ? [] : [textField(2, error), varintField(3, BigInt(errorStatus))];
}

function keyValues(field: number, given: Attributes): readonly Buffer[] {
  return Object.entries(given).map(([key, value]) =>
    messageField(field, [textField(1, key), messageField(2, [anyValue(value)])]),
  );
}

function anyValue(value: AttributeValue): Buffer {
  if (typeof value === 'string') return textField(1, value);
  if (typeof value === 'boolean') return varintField(2, value ? 1n : 0n);
  return Number.isSafeInteger(value) ? varintField(3, BigInt(value)) : doubleField(4, value);
}
