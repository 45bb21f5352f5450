import {
  usualRetention,
  type RunDecision,
  type RunKeepReason,
  type RunLimits,
  type RunRemovalReason,
} from '@pikaci/model';

/** A run that may have to go. */
export interface RunCandidate extends Omit<RunDecision, 'removal' | 'keep'> {
  /** Why it stays whatever the limits are; null: it may go. */
  readonly protection: 'pinned' | 'running' | 'leased' | null;
  /** True: it was broken off, and goes only for its age. */
  readonly isResumable: boolean;
}

/** What is there, and what should be. */
export interface RunGarbageQuestion {
  readonly candidates: readonly RunCandidate[];
  /** Null: the usual retention. */
  readonly limits: RunLimits | null;
  readonly now: Date;
}

type Verdict =
  | { readonly removal: RunRemovalReason; readonly keep: null }
  | { readonly removal: null; readonly keep: RunKeepReason };

/**
 * Decides which runs have to go, the oldest first, until all limits hold; runs that stay count as well. In the order in
 * which they go; pure.
 */
export function planRunGarbage({ candidates, limits, now }: RunGarbageQuestion): RunDecision[] {
  const left = {
    runs: candidates.length,
    sizeBytes: candidates.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
  return [...candidates].sort(oldestFirst).map(({ protection, isResumable, ...run }, index) => {
    const ageSeconds = (now.getTime() - Date.parse(run.endedAt)) / 1000;
    const { sizeBytes } = run;
    const verdict =
      protection !== null
        ? stays(protection)
        : limits === null
          ? usualVerdict(candidates.length - index, ageSeconds, isResumable)
          : verdictWithin(limits, { left, ageSeconds, isResumable, sizeBytes });
    if (verdict.removal !== null) {
      left.runs -= 1;
      left.sizeBytes -= sizeBytes;
    }
    return { ...run, ...verdict };
  });
}

/** @param place 1 for the newest run */
function usualVerdict(place: number, ageSeconds: number, isResumable: boolean): Verdict {
  if (!(ageSeconds > usualRetention.youngerThanSeconds)) {
    return stays(isResumable ? 'resumable' : 'young');
  }
  return place > usualRetention.newestRuns ? goes('too old') : stays('newest');
}

interface Situation {
  readonly left: { readonly runs: number; readonly sizeBytes: number };
  readonly ageSeconds: number;
  readonly isResumable: boolean;
  readonly sizeBytes: number;
}

function verdictWithin(limits: RunLimits, situation: Situation): Verdict {
  const { left, ageSeconds, isResumable, sizeBytes } = situation;
  const { maxAgeSeconds, maxRuns, maxSizeBytes } = limits;
  if (maxAgeSeconds !== null && ageSeconds > maxAgeSeconds) return goes('too old');
  if (isResumable) return stays('resumable');
  if (maxRuns !== null && left.runs > maxRuns) return goes('too many runs');
  // What takes no room makes none.
  const isTooMuch = maxSizeBytes !== null && left.sizeBytes > maxSizeBytes && sizeBytes > 0;
  return isTooMuch ? goes('too much on the disk') : stays('within limits');
}

const goes = (removal: RunRemovalReason): Verdict => ({ removal, keep: null });
const stays = (keep: RunKeepReason): Verdict => ({ removal: null, keep });

/** A time that is none counts as now, so that its run is not taken for an old one. */
function oldestFirst(a: RunCandidate, b: RunCandidate): number {
  const [one, two] = [a, b].map(({ endedAt }) => Date.parse(endedAt));
  const first = Number.isNaN(one) ? Infinity : (one ?? Infinity);
  const second = Number.isNaN(two) ? Infinity : (two ?? Infinity);
  if (first !== second) return first < second ? -1 : 1;
  return a.runId < b.runId ? -1 : 1;
}
