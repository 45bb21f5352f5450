/** A span as a collector got it, whatever the encoding. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: none. */
  readonly parentSpanId: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 0: none; 2: failed. */
  readonly statusCode: number;
  readonly statusMessage: string;
  /** Attributes of whoever sent it. */
  readonly resource: Readonly<Record<string, unknown>>;
  /** Name and version of what made it. */
  readonly scope: string;
}
