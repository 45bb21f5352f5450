import type { ActiveRun } from './active-run.js';

/** Why a run was cancelled, in words. */
export function cancelReason(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  if (reason instanceof Error) return reason.message;
  return typeof reason === 'string' ? reason : 'cancelled';
}

/** Tells, once, that the run was asked to stop. Returns what ends the listening. */
export function announceCancel(run: ActiveRun): () => void {
  const { signal, runId } = run.request;
  const announce = () => {
    void run.events.emit({
      event: 'cancel_requested',
      runId,
      jobId: null,
      now: false,
      reason: cancelReason(signal),
    });
  };
  if (signal.aborted) {
    announce();
    return () => undefined;
  }
  signal.addEventListener('abort', announce, { once: true });
  return () => signal.removeEventListener('abort', announce);
}
