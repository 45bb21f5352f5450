import type { RunEvent } from '@pikaci/model';

/** Something that goes on right now. */
export interface RunningNode {
  readonly id: string;
  /** The step it is in, in words; empty when it has none. */
  readonly phase: string;
  readonly startedMs: number;
}

/** What is going on in a run, told from its events. */
export interface Progress {
  /** Takes one event in. `nowMs` is the monotonic time at which it came. */
  apply(event: RunEvent, nowMs: number): void;
  /** In the order in which they started. */
  running(): readonly RunningNode[];
  readonly finishedJobs: number;
  /** Null until the plan is known. */
  readonly jobCount: number | null;
}

/** A new run's progress. */
export function createProgress(): Progress {
  const running = new Map<string, RunningNode>();
  let finishedJobs = 0;
  let jobCount: number | null = null;
  const start = (id: string, startedMs: number, phase = '') => {
    running.set(id, { id, phase, startedMs });
  };

  return {
    apply(event, nowMs) {
      switch (event.event) {
        case 'run_started':
          start('snapshot', nowMs);
          break;
        case 'snapshot_taken':
          running.delete('snapshot');
          break;
        case 'plan_made':
          jobCount = event.jobIds.length;
          break;
        case 'prepare_started':
          start(event.nodeId, nowMs);
          break;
        case 'prepare_finished':
          running.delete(event.nodeId);
          break;
        case 'job_started':
          start(event.job.id, nowMs);
          break;
        case 'job_phase': {
          const startedMs = running.get(event.jobId)?.startedMs ?? nowMs;
          running.set(event.jobId, { id: event.jobId, phase: phaseWords(event.phase), startedMs });
          break;
        }
        case 'job_waiting':
          start(event.jobId, nowMs, `waits for group ${event.group}`);
          break;
        case 'job_attempt_finished':
          start(event.job.id, nowMs, `waits for attempt ${event.job.attempt + 1}`);
          break;
        case 'job_finished':
        case 'job_skipped':
          finishedJobs += 1;
          running.delete(event.job.id);
          break;
        case 'cancel_requested':
          break;
        case 'run_resumed':
          finishedJobs = event.keptJobIds.length;
          break;
        case 'run_finished':
          running.clear();
          break;
        default: {
          const never: never = event;
          return never;
        }
      }
    },
    running: () => [...running.values()],
    get finishedJobs() {
      return finishedJobs;
    },
    get jobCount() {
      return jobCount;
    },
  };
}

/** A phase's name as words: `launch_guest` is shown as `launch guest`. */
export function phaseWords(phase: string): string {
  return phase.replaceAll('_', ' ');
}
