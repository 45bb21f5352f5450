import type { RunRequestRecord } from '@pikaci/model';
import type { ActiveRun } from '../active-run.js';
import { abortReason, stopReason, type StopCause } from './stop-cause.js';

/** Stops the run, and tells of it if that is new. */
export function stopRun(run: ActiveRun, cause: StopCause): void {
  if (run.control.stop(cause)) announce(run, null, false, stopReason(cause));
}

/**
 * Hears of everything that stops a run from outside: the caller's two signals, requests of other processes, the limit of
 * the whole run. Returns what ends the listening.
 */
export function listenForStops(run: ActiveRun): () => void {
  const { signal, force, timeoutSeconds } = run.request;
  const ends = [
    onAbort(signal, () => stopRun(run, { kind: 'cancel', reason: abortReason(signal) })),
    onAbort(force, () => forceRun(run, abortReason(force))),
    run.writer.onRequest((request) => carryOut(run, request)),
  ];
  if (timeoutSeconds !== null) {
    const stop = () => stopRun(run, { kind: 'timeout', seconds: timeoutSeconds });
    ends.push(run.ports.timer.after(timeoutSeconds * 1000, stop));
  }
  return () => {
    for (const end of ends) end();
  };
}

function onAbort(signal: AbortSignal, heard: () => void): () => void {
  if (signal.aborted) {
    heard();
    return () => undefined;
  }
  signal.addEventListener('abort', heard, { once: true });
  return () => signal.removeEventListener('abort', heard);
}

function carryOut(run: ActiveRun, { jobId, now, by }: RunRequestRecord): void {
  const reason = `asked by ${by}`;
  if (jobId !== null) {
    const known = run.state.record.jobs.find((job) => job.id === jobId);
    if (known !== undefined && known.status !== 'running') return;
    if (run.control.cancelJob(jobId, reason, now)) announce(run, jobId, now, reason);
  } else if (now) {
    forceRun(run, reason);
  } else {
    stopRun(run, { kind: 'cancel', reason });
  }
}

function forceRun(run: ActiveRun, reason: string): void {
  if (run.control.forceAll({ kind: 'cancel', reason })) announce(run, null, true, reason);
}

function announce(run: ActiveRun, jobId: string | null, now: boolean, reason: string): void {
  void run.events.emit({
    event: 'cancel_requested',
    runId: run.request.runId,
    jobId,
    now,
    reason,
  });
}
