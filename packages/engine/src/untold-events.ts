import type { AdoptedRun, JobRecord, RunEvent } from '@pikaci/model';
import type { ActiveRun } from './active-run.js';

/** The number of the last event on disk; 0 when there is none. */
export function lastSequence({ events }: Pick<AdoptedRun, 'events'>): number {
  return events.at(-1)?.sequence ?? 0;
}

/** Tells of the end of jobs whose records are on disk, but not the events that follow those. */
export async function tellUntoldEnds(run: ActiveRun, events: readonly RunEvent[]): Promise<void> {
  const { runId } = run.request;
  for (const job of run.state.record.jobs) {
    if (job.status === 'running' || isTold(events, job)) continue;
    const event = job.status === 'skipped' ? 'job_skipped' : 'job_finished';
    await run.events.emit({ event, runId, job });
  }
}

/** True when the last event says how the run ended. */
export function isRunEndTold(events: readonly RunEvent[]): boolean {
  return events.at(-1)?.event === 'run_finished';
}

/** True when an event says how the job ended. */
export function isTold(events: readonly RunEvent[], { id }: JobRecord): boolean {
  return events.some(
    (event) =>
      (event.event === 'job_finished' || event.event === 'job_skipped') && event.job.id === id,
  );
}

/** Jobs whose command an earlier process may have started. */
export function begunJobIds(events: readonly RunEvent[]): ReadonlySet<string> {
  return new Set(events.flatMap((event) => (event.event === 'job_started' ? [event.job.id] : [])));
}
