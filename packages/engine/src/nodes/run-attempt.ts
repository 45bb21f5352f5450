import {
  failure,
  type ExecuteNode,
  type JobObserver,
  type JobOutcome,
  type JobRecord,
} from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';
import { endByForce, forcedEndMs } from '../control/end-by-force.js';
import { stoppedOutcome } from '../control/stop-cause.js';
import { reached, thrownFailure } from '../guard.js';
import { logLine } from '../host-log.js';
import { withArtifactNotes } from './artifact-notes.js';
import { jobPayloads } from './job-payloads.js';
import { failedOutcome, type AttemptOutcome } from './job-record.js';
import { mayRetry } from './retry.js';
import { withTestResults } from './test-results.js';
import { usedRuntime } from './used-runtime.js';

/** How an attempt begins: from nothing, or as the continuation of one that an earlier process did not see end. */
export type AttemptStart = 'run' | 'attach';

/** What of a job's record tells which attempt it is, and whether it is the last one. */
type AttemptRecord = Pick<JobRecord, 'attempt' | 'attempts'>;

/** Does one attempt of a job. Null when there is nothing to attach to; never null for a new attempt. */
export async function runAttempt(
  run: PlannedRun,
  node: ExecuteNode,
  record: AttemptRecord,
  start: AttemptStart,
): Promise<AttemptOutcome | null> {
  const recorded = await reached('engine.job-recorded');
  if (!recorded.ok) return failedOutcome(recorded.error);
  const outcome = await startAttempt(run, node, record, start);
  if (outcome === null) return null;
  const ran = await reached('engine.job-ran');
  const kept = ran.ok ? outcome : { ...failedOutcome(ran.error), released: outcome.released };
  const ended = stoppedOutcome(run.control.job(node.job.id).cause, kept);
  return withTestResults(run, node, await withArtifactNotes(run, node, ended));
}

async function startAttempt(
  run: PlannedRun,
  node: ExecuteNode,
  record: AttemptRecord,
  start: AttemptStart,
): Promise<JobOutcome | null> {
  const { job } = node;
  const payloads = jobPayloads(run, node);
  if (!payloads.ok) return failedOutcome(payloads.error);
  const runtime = usedRuntime(run, job.runtime, node.id);
  if (!runtime.ok) return failedOutcome(runtime.error);
  const { signal, force } = run.control.job(job.id);
  const observing = observe(run, node);
  const traceparent = run.request.tracing?.traceparentOf(job.id, record.attempt);
  try {
    const execution = {
      runId: run.request.runId,
      job,
      payloads: payloads.value,
      attempt: record.attempt,
      keepSeconds: mayRetry(job.retry, { ...record, failureKind: 'job' })
        ? null
        : (run.request.keepSeconds ?? null),
      secrets: run.secrets.of(job.secrets),
      masker: run.secrets.masker,
      signal,
      force,
      ...(traceparent === undefined ? {} : { traceparent }),
      observer: observing.observer,
    };
    const step: Promise<JobOutcome | null> = runtime.value[start](execution);
    return await endByForce(run.ports.timer, force, step, notEnded);
  } catch (thrown) {
    return failedOutcome(thrownFailure(`running job \`${job.id}\``, thrown));
  } finally {
    observing.stop();
  }
}

/** The outcome of a job that was ended by force, and of which nobody heard the end. */
function notEnded(): JobOutcome {
  return {
    ...failedOutcome(failure('cancelled', 'cancelled')),
    notes: [
      `it had not ended ${forcedEndMs / 1000} s after it was ended by force; the next pikaci command removes what is left`,
    ],
  };
}

/** Passes on what a runtime tells while the job runs, and nothing of what it tells after that. */
function observe(
  run: PlannedRun,
  node: ExecuteNode,
): { readonly observer: JobObserver; stop(): void } {
  const { runId } = run.request;
  const { id: jobId, hostContext } = node.job;
  let running = true;
  const observer: JobObserver = {
    onOutput: (stream, chunk) => {
      if (running) run.reporter.onOutput(jobId, stream, chunk);
    },
    onPhase: (phase) => {
      if (running) void run.events.emit({ event: 'job_phase', runId, jobId, phase });
    },
    // Also later: the log is the place for what happens while an instance is taken down.
    onLog: (line) => logLine(run, [hostContext.hostLogPath], line),
  };
  return {
    observer,
    stop: () => {
      running = false;
    },
  };
}
