/** What may be said of a span. Numbers that are whole are exported as such. */
export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Whether a span is the work itself, what somebody asked for, or a wait for a server's answer. */
export type SpanKind = 'internal' | 'server' | 'client';

/** Something that took time: a run, or a part of it. */
interface SpanBase {
  readonly name: string;
  readonly kind: SpanKind;
  /** Unix time in milliseconds, perhaps with a fraction. */
  readonly startMs: number;
  /** Not before `startMs`. */
  readonly endMs: number;
  readonly attributes: Attributes;
  /** Why it failed; null: it did not. */
  readonly error: string | null;
}

/** A span with its parts, before it has an id. */
export interface SpanTree extends SpanBase {
  /** Tells it from all others of its run, today and when the same run is exported again. */
  readonly key: string;
  readonly children: readonly SpanTree[];
}

/** A span as it is exported. Ids are 16 hex digits. */
export interface Span extends SpanBase {
  readonly spanId: string;
  /** Null: the trace begins here. */
  readonly parentSpanId: string | null;
}

/** Attributes without those that have no value. */
export function attributes(
  given: Readonly<Record<string, AttributeValue | null | undefined>>,
): Attributes {
  const entries = Object.entries(given).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}
