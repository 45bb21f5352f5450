export { jsonText } from './json/json-text.js';
export { neutraliseLine, neutraliseText } from './output/neutralise.js';
export { createOutputLines, type OutputLines } from './output/output-lines.js';
export { createTextSink, type TextOutput, type TextSink } from './output/text-sink.js';
export {
  createReporter,
  isForPrograms,
  outputFormats,
  type OutputFormat,
  type Reporter,
  type ReporterOptions,
} from './reporter.js';
export { createLiveScreen } from './screen/live-screen.js';
export { systemTicker, type Ticker } from './screen/screen.js';
export { durationBetween, formatDuration } from './text/duration.js';
export { formatBytes } from './text/bytes.js';
export { createStyle, plainStyle, type Style } from './text/style.js';
export { richSymbols, symbolsFor, type Symbols } from './text/symbols.js';
export { formatArtifacts, type ShownArtifacts } from './views/artifacts-view.js';
export { formatCatalogue, type Catalogue, type ListedRun } from './views/catalogue-view.js';
export { formatDoctor } from './views/doctor-view.js';
export { formatFailure } from './views/failure-view.js';
export { formatPlanGraph, graphLanguages, type GraphLanguage } from './views/plan-graph.js';
export { formatPlanDetails } from './views/plan-details-view.js';
export { formatPlan } from './views/plan-view.js';
export { formatSnapshot, formatSnapshotChanges, type ShownChange } from './views/snapshot-view.js';
export { formatRun } from './views/run-view.js';
export { formatRunLine } from './views/run-line.js';
export { formatRunStatus, type RunStatus } from './views/status-view.js';
export { fitToScreen, runChangeLines, type ScreenSize } from './views/watch-view.js';
export { formatExplanations } from './views/explanation-view.js';
export { formatRunGarbage } from './views/run-garbage-view.js';
export { formatGarbage } from './views/garbage-view.js';
export { formatPayloadList } from './views/payload-list-view.js';
export { formatVerifications } from './views/payload-verify-view.js';
export { formatPayload, type ShownPayload } from './views/payload-view.js';
export { githubAnnotations, githubSummary } from './documents/github-document.js';
export { formatHtml } from './documents/html-document.js';
export { formatJunit } from './documents/junit-document.js';
export { type LogTail, type RunDocument } from './documents/run-document.js';
export { formatJobExplanation } from './views/job-explanation-view.js';
export { formatSettings, type Setting } from './views/settings-view.js';
export { formatInit } from './views/init-view.js';
export { formatPreparedOutputs } from './views/prepared-outputs-view.js';
export { formatSchemas } from './views/schemas-view.js';
