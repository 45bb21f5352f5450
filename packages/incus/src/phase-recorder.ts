import {
  formatTimestamp,
  type Clock,
  type OperationTiming,
  type PhaseName,
  type PhaseRecord,
} from '@pikaci/model';

/** Notes when the phases of a job begin and end, and when each Incus operation began and how long it took. */
export interface PhaseRecorder {
  /** Ends the phase under way, if there is one, and begins another. */
  enter(phase: PhaseName): void;
  /** Ends the phase under way. */
  end(): void;
  /** Waits for an operation and notes when it began and how long it took, also when it fails. */
  timed<T>(operation: string, run: () => Promise<T>): Promise<T>;
  readonly phases: readonly PhaseRecord[];
  readonly operations: readonly OperationTiming[];
}

export function createPhaseRecorder(
  clock: Clock,
  onPhase: (phase: PhaseName) => void,
): PhaseRecorder {
  const phases: PhaseRecord[] = [];
  const operations: OperationTiming[] = [];
  let current: { phase: PhaseName; startedAt: Date; startedMs: number } | null = null;
  const end = () => {
    if (current === null) return;
    phases.push({
      phase: current.phase,
      startedAt: formatTimestamp(current.startedAt),
      finishedAt: formatTimestamp(clock.now()),
      durationMs: Math.round(clock.monotonicMs() - current.startedMs),
    });
    current = null;
  };
  return {
    phases,
    operations,
    end,
    enter: (phase) => {
      end();
      current = { phase, startedAt: clock.now(), startedMs: clock.monotonicMs() };
      onPhase(phase);
    },
    timed: async (operation, run) => {
      const startedAt = formatTimestamp(clock.now());
      const started = clock.monotonicMs();
      try {
        return await run();
      } finally {
        const durationMs = Math.round((clock.monotonicMs() - started) * 10) / 10;
        operations.push({ operation, durationMs, startedAt });
      }
    },
  };
}
