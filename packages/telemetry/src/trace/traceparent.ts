/** What a W3C `traceparent` says. */
export interface Traceparent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly parentSpanId: string;
  /** False: whoever began the trace does not keep it. */
  readonly sampled: boolean;
}

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads a `traceparent` of any version; null for what is none, which is as good as no parent. */
export function parseTraceparent(text: string): Traceparent | null {
  const [, version = 'ff', traceId = '', parentSpanId = '', flags = '', more] =
    form.exec(text.trim()) ?? [];
  if (version === 'ff' || (version === '00' && more !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentSpanId)) return null;
  return { traceId, parentSpanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
