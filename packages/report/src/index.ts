export { jsonText } from './json/json-text.js';
export { neutraliseLine, neutraliseText } from './output/neutralise.js';
export { createOutputLines, type OutputLines } from './output/output-lines.js';
export { createTextSink, type TextOutput, type TextSink } from './output/text-sink.js';
export {
  createReporter,
  outputFormats,
  type OutputFormat,
  type Reporter,
  type ReporterOptions,
} from './reporter.js';
export { systemTicker, type Ticker } from './screen/screen.js';
export { formatDuration } from './text/duration.js';
export { createStyle, plainStyle, type Style } from './text/style.js';
export {
  formatCatalogue,
  type Catalogue,
  type ListedJob,
  type ListedRun,
  type ListedTarget,
} from './views/catalogue-view.js';
export { formatDoctor, type DoctorCheck } from './views/doctor-view.js';
export { formatFailure } from './views/failure-view.js';
export { formatPlan } from './views/plan-view.js';
export { formatRunStatus, type RunStatus } from './views/status-view.js';
