import type { Attributes, Span, SpanKind } from '../trace/span.js';

/** One request of an export: spans of one trace, and who they come from. */
export interface TraceRequest {
  /** 32 hex digits. */
  readonly traceId: string;
  readonly resource: Attributes;
  /** The program that made the spans. */
  readonly scope: { readonly name: string; readonly version: string };
  readonly spans: readonly Span[];
}

/** The numbers of the protocol. */
export const kindNumbers: Readonly<Record<SpanKind, number>> = {
  internal: 1,
  server: 2,
  client: 3,
};

/** The protocol's status of what failed. What did not has none: that it is `OK` is for people to say. */
export const errorStatus = 2;

/** Flags of a span whose trace is kept. */
export const sampledFlag = 1;

/** Milliseconds to the nanoseconds of the protocol, exact to the microsecond. */
export function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1000)) * 1000n;
}
