import {
  failure,
  type JobRecord,
  type RunEvent,
  type RunRecord,
  type UnstampedRunEvent,
} from '@pikaci/model';
import { exampleRunId, jobRecordOf, runRecordOf } from '@pikaci/testkit';
import type { RecordedRun } from './recorded-run.js';
import { runSpans } from './run-spans.js';
import type { Span } from './span.js';

/** A moment of the example run, in milliseconds from 2026-03-07T00:00:00Z. */
export const at = (ms: number): string => new Date(Date.UTC(2026, 2, 7) + ms).toISOString();

/** Ends in failure with an exit code. */
export const red = (exitCode: number): Partial<JobRecord> => ({
  status: 'failed',
  exitCode,
  failureKind: 'job',
  failure: failure('job', `exited with ${exitCode}`),
});

type Told = readonly [ms: number, event: UnstampedRunEvent];

/** A run of jobs with what happened in it, each event with its time. */
export function recordedRun(
  jobs: readonly JobRecord[],
  told: readonly Told[] = [],
  different: Partial<RunRecord> = {},
): RecordedRun {
  const events = told.map(([ms, event], index): RunEvent => ({
    ...event,
    sequence: index + 1,
    time: at(ms),
  }));
  const record = runRecordOf([...jobs], different);
  return { record, events, plan: null, outputs: [], exitCode: 0 };
}

/** That a job's attempt began. */
export const begins = (job: JobRecord): UnstampedRunEvent => ({
  event: 'job_started',
  runId: exampleRunId,
  job: { ...job, status: 'running' },
});

export const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', parentSpanId: null };

/** The spans of a run by their paths of names. */
export function spansByPath(run: RecordedRun): ReadonlyMap<string, Span> {
  const spans = runSpans(run, trace);
  const pathOf = (span: Span): string => {
    const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
    return parent === undefined ? span.name : `${pathOf(parent)} > ${span.name}`;
  };
  return new Map(spans.map((span) => [pathOf(span), span]));
}

export { exampleRunId, jobRecordOf };
