import type { CollectedSpan } from './collected-span.js';
import { WireMessage } from './wire-message.js';

/** The spans of an `ExportTraceServiceRequest` in Protocol Buffers. */
export function decodeProtobufSpans(body: Buffer): readonly CollectedSpan[] {
  return new WireMessage(body).messages(1).flatMap((resourceSpans) => {
    const resource = attributesOf(resourceSpans.message(1), 1);
    return resourceSpans.messages(2).flatMap((scopeSpans) => {
      const scope = scopeSpans.message(1);
      const name = `${scope.text(1)} ${scope.text(2)}`;
      return scopeSpans.messages(2).map((span) => spanOf(span, resource, name));
    });
  });
}

function spanOf(
  span: WireMessage,
  resource: CollectedSpan['resource'],
  scope: string,
): CollectedSpan {
  const status = span.message(15);
  return {
    traceId: span.bytes(1).toString('hex'),
    spanId: span.bytes(2).toString('hex'),
    parentSpanId: span.bytes(4).toString('hex'),
    flags: Number(span.integer(16)),
    name: span.text(5),
    kind: Number(span.integer(6)),
    startNs: span.integer(7),
    endNs: span.integer(8),
    attributes: attributesOf(span, 9),
    statusCode: Number(status.integer(3)),
    statusMessage: status.text(2),
    resource,
    scope,
  };
}

function attributesOf(message: WireMessage, field: number): Readonly<Record<string, unknown>> {
  const pairs = message.messages(field).map((pair) => [pair.text(1), valueOf(pair.message(2))]);
  return Object.fromEntries(pairs) as Record<string, unknown>;
}

function valueOf(value: WireMessage): unknown {
  if (value.has(1)) return value.text(1);
  if (value.has(2)) return value.integer(2) === 1n;
  return value.has(3) ? Number(BigInt.asIntN(64, value.integer(3))) : value.double(4);
}
