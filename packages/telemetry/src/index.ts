export { exportTrace, type ExportPorts } from './otlp/export-trace.js';
export type { TraceRequest } from './otlp/trace-request.js';
export { shownUrl } from './settings/endpoint.js';
export { readSettings } from './settings/read-settings.js';
export type { ExportSettings } from './settings/settings.js';
export type { RecordedRun } from './trace/recorded-run.js';
export { runSpans } from './trace/run-spans.js';
export type { Attributes, AttributeValue, Span, SpanKind } from './trace/span.js';
export { newTraceId, spanId, traceparentOf, type TracedRun } from './trace/trace-ids.js';
