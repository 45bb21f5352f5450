export { createReportReader } from './create-report-reader.js';
