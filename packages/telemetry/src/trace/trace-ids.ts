import { createHash } from 'node:crypto';
import type { RunTrace } from '@pikaci/model';

/** What the ids of a run's spans follow from. */
export interface TracedRun {
  readonly runId: string;
  readonly trace: RunTrace;
}

/** The id of the trace of a run that no other trace has started, the same whenever it is asked for: 32 hex digits. */
export function newTraceId(runId: string, createdAt: Date): string {
  return digits(['trace', runId, createdAt.toISOString()], 32);
}

/**
 * The id of a span: the same whenever the run is exported, so that one that is exported again does not turn up twice, and
 * so that what a job runs can be given its parent before there is a span.
 */
export function spanId({ runId, trace }: TracedRun, key: string): string {
  return digits([trace.traceId, runId, key], 16);
}

/** The key of the span of an attempt of a job, from 1. */
export function attemptKey(jobId: string, attempt: number): string {
  return `job ${jobId} attempt ${attempt}`;
}

/** The W3C `traceparent` of an attempt, for what it runs. */
export function traceparentOf(run: TracedRun, jobId: string, attempt: number): string {
  return `00-${run.trace.traceId}-${spanId(run, attemptKey(jobId, attempt))}-01`;
}

function digits(parts: readonly string[], count: number): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, count);
}
