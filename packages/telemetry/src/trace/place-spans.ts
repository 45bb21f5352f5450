import type { Span, SpanTree } from './span.js';
import { spanId, type TracedRun } from './trace-ids.js';

/** The spans of a tree, parents first, with their ids and within the time of their parents. */
export function placeSpans(run: TracedRun, root: SpanTree): readonly Span[] {
  return placeBelow(run, root, {
    spanId: run.trace.parentSpanId,
    startMs: -Infinity,
    endMs: Infinity,
  });
}

interface Parent {
  readonly spanId: string | null;
  readonly startMs: number;
  readonly endMs: number;
}

function placeBelow(run: TracedRun, tree: SpanTree, parent: Parent): readonly Span[] {
  const { key, children, ...span } = tree;
  const startMs = Math.min(Math.max(span.startMs, parent.startMs), parent.endMs);
  const placed: Span = {
    ...span,
    spanId: spanId(run, key),
    parentSpanId: parent.spanId,
    startMs,
    // A clock that was set back makes no span that ends before it begins.
    endMs: Math.max(startMs, Math.min(span.endMs, parent.endMs)),
  };
  return [placed, ...children.flatMap((child) => placeBelow(run, child, placed))];
}
