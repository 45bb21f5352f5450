import type { JobRecord, RunEvent } from '@pikaci/model';
import type { LineTail } from '../output/line-tail.js';
import { neutraliseText } from '../output/neutralise.js';
import { oneLine } from '../text/one-line.js';
import type { Style } from '../text/style.js';
import { failureDetailLines } from '../views/failure-view.js';
import { failedOutputLines } from './failed-output.js';

type EventOf<Name extends RunEvent['event']> = Extract<RunEvent, { event: Name }>;

export interface EndDetailOptions {
  /** What was printed last. */
  readonly tail: LineTail | undefined;
  /** True when what was printed has been shown already. */
  readonly verbose: boolean;
  readonly style: Style;
}

/** The job or node whose output is over with an event; null for all other events. */
export function endedOutput(event: RunEvent): string | null {
  if (event.event === 'prepare_finished') return event.nodeId;
  const isEnd = event.event === 'job_attempt_finished' || event.event === 'job_finished';
  return isEnd ? event.job.id : null;
}

/** What is to be known of an end, below the line that says how it was: notes, and more where it was no success. */
export function endDetailLines(event: RunEvent, options: EndDetailOptions): string[] {
  if (event.event === 'prepare_finished') return afterPrepare(event, options);
  if (event.event === 'job_attempt_finished') return afterAttempt(event, options);
  if (event.event !== 'job_finished') return [];
  return [...noteLines(event.job), ...afterJob(event, options)];
}

/** Why a preparation failed, and what it printed last. */
function afterPrepare(
  event: EventOf<'prepare_finished'>,
  { tail, verbose, style }: EndDetailOptions,
): string[] {
  if (event.status !== 'failed') return [];
  const failed = event.failure;
  const why =
    failed === null ? [] : [`  ${neutraliseText(failed.message)}`, ...failureDetailLines(failed)];
  return [...why, ...(verbose ? [] : failedOutputLines({ tail, logPath: null, style }))];
}

/** What an attempt printed last that is followed by another one; that one's output begins anew. */
function afterAttempt(
  { job }: EventOf<'job_attempt_finished'>,
  { tail, verbose, style }: EndDetailOptions,
): string[] {
  return verbose || !hasRun(job) ? [] : failedOutputLines({ tail, logPath: null, style });
}

/** What a verdict does not change: an artifact that could not be kept, or that holds a secret. */
function noteLines({ notes }: EventOf<'job_finished'>['job']): string[] {
  return notes.map((note) => `  note: ${oneLine(note)}`);
}

/** A job that never ran, because a preparation failed, or took too long, has no output to be missed. */
function hasRun({ failureKind, failure, planNodeId }: JobRecord): boolean {
  const failedNode = failure?.location?.nodeId ?? planNodeId;
  return (failureKind === 'job' || failureKind === 'timeout') && failedNode === planNodeId;
}

/** What a failed job printed last, and how to see all of it. */
function afterJob(
  event: EventOf<'job_finished'>,
  { tail, verbose, style }: EndDetailOptions,
): string[] {
  const { job } = event;
  if (job.status !== 'failed') return [];
  // What a cancelled job printed last explains nothing: the user ended it.
  const isTold = verbose || job.failureKind === 'cancelled';
  const logPath = hasRun(job) || tail !== undefined ? job.guestLogPath : null;
  const next = `  next: npx pikaci logs ${event.runId} --job ${job.id}`;
  const service = job.services.find(({ state }) => state === 'failed' || state === 'not_ready');
  if (service !== undefined) {
    // What the service printed last is in the failure; the job's command was not run.
    const why = job.failure === null ? [] : failureDetailLines(job.failure);
    return [...why, `${next} --service ${service.name}`];
  }
  const output = isTold ? [] : failedOutputLines({ tail, logPath, style });
  return [...output, next];
}
