import type { CollectedSpan } from './collected-span.js';

interface Value {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
}

interface Attributed {
  readonly attributes?: readonly { readonly key: string; readonly value: Value }[];
}

interface JsonSpan extends Attributed {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly flags?: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code?: number; readonly message?: string };
}

interface JsonRequest {
  readonly resourceSpans: readonly {
    readonly resource: Attributed;
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string; readonly version: string };
      readonly spans: readonly JsonSpan[];
    }[];
  }[];
}

/** The spans of an `ExportTraceServiceRequest` in JSON. */
export function decodeJsonSpans(body: Buffer): readonly CollectedSpan[] {
  const { resourceSpans } = JSON.parse(body.toString()) as JsonRequest;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        flags: span.flags ?? 0,
        name: span.name,
        kind: span.kind,
        startNs: BigInt(span.startTimeUnixNano),
        endNs: BigInt(span.endTimeUnixNano),
        attributes: attributesOf(span),
        statusCode: span.status?.code ?? 0,
        statusMessage: span.status?.message ?? '',
        resource: attributesOf(resource),
        scope: `${scope.name} ${scope.version}`,
      })),
    ),
  );
}

function attributesOf({ attributes = [] }: Attributed): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: Value): unknown {
  const { stringValue, boolValue, intValue, doubleValue } = value;
  return stringValue ?? boolValue ?? (intValue === undefined ? doubleValue : Number(intValue));
}
