import type { JobRecord, OperationTiming, RemoteLinuxVmExecution, RunEvent } from '@pikaci/model';
import { timeMs } from './recorded-run.js';
import { attributes, type SpanTree } from './span.js';

/** Records have whole milliseconds: what ends so much after a phase is a part of it all the same. */
const roundingMs = 2;

/** An attempt, and when it began and ended. */
export interface TimedAttempt {
  readonly job: JobRecord;
  /** The key of its span. */
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The phases of an attempt, with the Incus operations that fell into each, and those operations that fell into none. An
 * operation of a record of an earlier version has no place in time, and is left out.
 */
export function phaseSpans(
  attempt: TimedAttempt,
  events: readonly RunEvent[],
): readonly SpanTree[] {
  const execution = attempt.job.remoteLinuxVmExecution;
  const phases =
    (execution?.phases.length ?? 0) > 0 ? recordedPhases(attempt) : told(attempt, events);
  const operations = execution === null ? [] : operationSpans(attempt, execution);
  const places = operations.map((operation) => placeOf(operation, phases));
  const inPlace = (wanted: number) => operations.filter((_, index) => places[index] === wanted);
  return [
    ...phases.map((phase, index) => ({ ...phase, children: inPlace(index) })),
    ...inPlace(-1),
  ];
}

function recordedPhases({ job, key, endMs }: TimedAttempt): readonly SpanTree[] {
  const phases = job.remoteLinuxVmExecution?.phases ?? [];
  return phases.map(({ phase, startedAt, durationMs }, index) => {
    const startMs = timeMs(startedAt) ?? endMs;
    return phaseSpan({
      key: `${key} phase ${index + 1}`,
      phase,
      startMs,
      endMs: startMs + durationMs,
    });
  });
}

/** Of a runtime that keeps no record of its phases, events tell when each began. */
function told(attempt: TimedAttempt, events: readonly RunEvent[]): readonly SpanTree[] {
  const { job, key, endMs } = attempt;
  let current = 0;
  const begun = events.flatMap((event) => {
    if (event.event === 'job_started' && event.job.id === job.id) current = event.job.attempt;
    if (event.event !== 'job_phase' || event.jobId !== job.id) return [];
    return current === job.attempt
      ? [{ phase: event.phase, startMs: timeMs(event.time) ?? endMs }]
      : [];
  });
  return begun.map(({ phase, startMs }, index) => {
    const next = begun[index + 1]?.startMs ?? endMs;
    return phaseSpan({ key: `${key} phase ${index + 1}`, phase, startMs, endMs: next });
  });
}

function phaseSpan(span: {
  readonly key: string;
  readonly phase: string;
  readonly startMs: number;
  readonly endMs: number;
}): SpanTree {
  const { key, phase, startMs, endMs } = span;
  const about = { 'pikaci.phase': phase };
  return {
    key,
    name: phase,
    kind: 'internal',
    startMs,
    endMs,
    attributes: about,
    error: null,
    children: [],
  };
}

function operationSpans(
  { key }: TimedAttempt,
  { operations, instance }: RemoteLinuxVmExecution,
): readonly SpanTree[] {
  return operations.flatMap((operation, index) => {
    const startMs = timeMs(operation.startedAt);
    if (startMs === null) return [];
    return [operationSpan(`${key} operation ${index + 1}`, operation, startMs, instance)];
  });
}

function operationSpan(
  key: string,
  { operation, durationMs }: OperationTiming,
  startMs: number,
  instance: string | null,
): SpanTree {
  return {
    key,
    name: `incus ${operation}`,
    kind: 'client',
    startMs,
    endMs: startMs + durationMs,
    attributes: attributes({
      'pikaci.incus.operation': operation,
      'pikaci.incus.instance': instance,
    }),
    error: null,
    children: [],
  };
}

/** The last phase that an operation lies in; -1: none. */
function placeOf({ startMs, endMs }: SpanTree, phases: readonly SpanTree[]): number {
  return phases.findLastIndex(
    (phase) =>
      phase.startMs <= startMs + roundingMs &&
      endMs <= phase.endMs + roundingMs &&
      startMs <= phase.endMs,
  );
}
