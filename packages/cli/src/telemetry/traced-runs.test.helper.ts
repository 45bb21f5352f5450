import type { CollectedSpan, FakeCollector } from '@pikaci/testkit';
import { expect } from 'vitest';

/** The one span of a name; two are a mistake of the test. */
export function spanNamed(collector: FakeCollector, name: string): CollectedSpan {
  const found = collector.spans.filter((span) => span.name === name);
  expect(found, `spans named ${name}`).toHaveLength(1);
  return found[0]!;
}

/** The names from the root to a span. */
export function pathOf(collector: FakeCollector, span: CollectedSpan): string {
  const parent = collector.spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent === undefined ? span.name : `${pathOf(collector, parent)} > ${span.name}`;
}

/** The names from the root to each span, in order. */
export function pathsOf(collector: FakeCollector): readonly string[] {
  return collector.spans.map((span) => pathOf(collector, span));
}

/** All that holds for the spans of any run: one trace, one root, ids once, times within those of parents. */
export function expectOneTrace({ spans }: FakeCollector): void {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  expect(byId.size).toBe(spans.length);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const outside = spans.filter(({ parentSpanId }) => !byId.has(parentSpanId));
  expect(outside.map(({ name }) => name)).toEqual([expect.stringMatching(/^RUN/)]);
  for (const { name, startNs, endNs, parentSpanId } of spans) {
    const parent = byId.get(parentSpanId);
    expect(endNs >= startNs, `${name} ends after it begins`).toBe(true);
    if (parent === undefined) continue;
    expect(startNs >= parent.startNs, `${name} begins within ${parent.name}`).toBe(true);
    expect(endNs <= parent.endNs, `${name} ends within ${parent.name}`).toBe(true);
  }
}
