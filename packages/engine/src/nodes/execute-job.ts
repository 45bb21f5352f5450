import {
  failure,
  noMasker,
  type ExecuteNode,
  type JobObserver,
  type JobOutcome,
} from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';
import { cancelReason } from '../cancel.js';
import { internalFailure } from '../guard.js';
import { logLine } from '../host-log.js';
import type { NodeResult } from '../scheduler.js';
import { failedOutcome, finishedJobRecord, startedJobRecord } from './job-record.js';
import { jobPayloads } from './job-payloads.js';
import { usedRuntime } from './used-runtime.js';

/** Runs one job to its end. Its record is on disk before each of the two events. */
export async function executeJob(run: PlannedRun, node: ExecuteNode): Promise<NodeResult> {
  const { runId } = run.request;
  const started = startedJobRecord(run, node);
  await run.state.saveJob(started);
  await run.events.emit({ event: 'job_started', runId, job: started });
  const outcome = cancelledOutcome(run, await runJob(run, node));
  const finished = finishedJobRecord(run, started, outcome);
  logLine(run.writer, [started.hostLogPath], `${finished.status}: ${outcome.message}`);
  for (const note of outcome.notes) logLine(run.writer, [started.hostLogPath], note);
  await run.state.saveJob(finished);
  await run.events.emit({ event: 'job_finished', runId, job: finished });
  return finished.status === 'passed' ? 'succeeded' : 'failed';
}

async function runJob(run: PlannedRun, node: ExecuteNode): Promise<JobOutcome> {
  const payloads = jobPayloads(run, node);
  if (!payloads.ok) return failedOutcome(payloads.error);
  const runtime = usedRuntime(run, node.job.runtime, node.id);
  if (!runtime.ok) return failedOutcome(runtime.error);
  const observing = observe(run, node);
  try {
    return await runtime.value.run({
      runId: run.request.runId,
      job: node.job,
      payloads: payloads.value,
      attempt: 1,
      secrets: [],
      masker: noMasker,
      signal: run.request.signal,
      force: new AbortController().signal,
      observer: observing.observer,
    });
  } catch (thrown) {
    return failedOutcome(internalFailure(`running job \`${node.job.id}\``, thrown));
  } finally {
    observing.stop();
  }
}

/**
 * A command that was ended by the cancel of the run did not fail by itself. One that has an exit code did, before the
 * cancel reached it; other kinds of failure keep what the runtime says of them.
 */
function cancelledOutcome(run: PlannedRun, outcome: JobOutcome): JobOutcome {
  const { signal } = run.request;
  const kind = outcome.failure?.kind ?? 'job';
  const byCancel =
    signal.aborted &&
    outcome.verdict === 'failed' &&
    outcome.exitCode === null &&
    (kind === 'job' || kind === 'internal');
  if (!byCancel) return outcome;
  const failed = failure('cancelled', 'cancelled', { reason: cancelReason(signal) });
  return { ...outcome, message: 'cancelled', failure: failed };
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
    onLog: (line) => logLine(run.writer, [hostContext.hostLogPath], line),
  };
  return {
    observer,
    stop: () => {
      running = false;
    },
  };
}
