import type { RunEvent } from '@pikaci/model';

/** Something that goes on right now. */
export interface RunningNode {
  readonly id: string;
  readonly isJob: boolean;
  /** The step it is in, in words; empty when it has none, and while its command runs. */
  readonly phase: string;
  /** True when it only waits: for others of its group, or for its next attempt. */
  readonly waits: boolean;
  /** What it printed last; empty when it printed nothing yet. */
  readonly lastLine: string;
  readonly startedMs: number;
}

/** How many jobs are how far. */
export interface JobCounts {
  /** Null until the plan is known. */
  readonly all: number | null;
  readonly finished: number;
  /** Of those that are finished; without failures that are allowed. */
  readonly failed: number;
  readonly running: number;
}

/** What is going on in a run, told from its events. */
export interface Progress {
  /** Takes one event in. `nowMs` is the monotonic time at which it came. */
  apply(event: RunEvent, nowMs: number): void;
  /** Takes a line in that a job or build printed. */
  printed(id: string, line: string): void;
  /** Preparations in the order in which they started, then jobs in the order of the plan. */
  running(): readonly RunningNode[];
  readonly jobs: JobCounts;
}

/** The phase in which a job's own command runs. */
const commandPhase = 'wait_for_completion';

/** A new run's progress. */
export function createProgress(): Progress {
  const running = new Map<string, Omit<RunningNode, 'lastLine'>>();
  /** Apart, for what is printed may come before the event that says that it begins. */
  const lastLines = new Map<string, string>();
  const places = new Map<string, number>();
  let all: number | null = null;
  let finished = 0;
  let failed = 0;
  const start = (
    id: string,
    startedMs: number,
    different: Partial<Omit<RunningNode, 'lastLine'>> = {},
  ) => {
    running.set(id, { id, isJob: false, phase: '', waits: false, startedMs, ...different });
  };
  const end = (id: string) => {
    running.delete(id);
    lastLines.delete(id);
  };
  const placeOf = ({ id, isJob }: { id: string; isJob: boolean }) =>
    isJob ? (places.get(id) ?? places.size) : -1;
  const wait = (id: string, nowMs: number, phase: string) =>
    start(id, nowMs, { isJob: true, waits: true, phase });

  return {
    apply(event, nowMs) {
      switch (event.event) {
        case 'run_started':
          start('snapshot', nowMs);
          break;
        case 'snapshot_taken':
          end('snapshot');
          break;
        case 'plan_made':
          all = event.jobIds.length;
          event.jobIds.forEach((id, place) => places.set(id, place));
          break;
        case 'prepare_started':
          start(event.nodeId, nowMs);
          break;
        case 'prepare_finished':
          end(event.nodeId);
          break;
        case 'job_started':
          start(event.job.id, nowMs, { isJob: true });
          break;
        case 'job_phase': {
          const startedMs = running.get(event.jobId)?.startedMs ?? nowMs;
          const phase = event.phase === commandPhase ? '' : phaseWords(event.phase);
          start(event.jobId, startedMs, { isJob: true, phase });
          break;
        }
        case 'job_waiting':
          wait(event.jobId, nowMs, `waits for group ${event.group}`);
          break;
        case 'job_attempt_finished':
          lastLines.delete(event.job.id);
          wait(event.job.id, nowMs, `waits for attempt ${event.job.attempt + 1}`);
          break;
        case 'job_finished':
        case 'job_skipped':
          finished += 1;
          if (event.job.status === 'failed' && !event.job.allowedFailure) failed += 1;
          end(event.job.id);
          break;
        case 'cancel_requested':
          break;
        case 'run_resumed':
          finished = event.keptJobIds.length;
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
    printed(id, line) {
      if (line !== '') lastLines.set(id, line);
    },
    running: () =>
      [...running.values()]
        .sort((one, other) => placeOf(one) - placeOf(other))
        .map((node) => ({ ...node, lastLine: lastLines.get(node.id) ?? '' })),
    get jobs() {
      const active = [...running.values()].filter(({ isJob, waits }) => isJob && !waits);
      return { all, finished, failed, running: active.length };
    },
  };
}

/** A phase's name as words: `launch_guest` is shown as `launch guest`. */
export function phaseWords(phase: string): string {
  return phase.replaceAll('_', ' ');
}
