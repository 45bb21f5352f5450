import type {
  GarbageDecision,
  PayloadCacheLimits,
  PayloadUser,
  RemovalReason,
} from '@pikaci/model';
import { usedFor } from './used-for.js';

/** A payload that may have to go. */
export interface GarbageCandidate {
  readonly contentKey: string;
  readonly payloadId: string;
  /** What its removal frees. */
  readonly sizeBytes: number;
  readonly lastUsedAt: string;
  readonly users: readonly PayloadUser[];
  /** Runs of which instances are kept that have it mounted. */
  readonly keptForRuns: readonly string[];
  /** Keys of the payloads it was built with. */
  readonly dependencies: readonly string[];
}

/** What is there, and what should be. */
export interface GarbageQuestion {
  readonly candidates: readonly GarbageCandidate[];
  readonly limits: PayloadCacheLimits;
  readonly now: Date;
  /** Free on the disk of the store. */
  readonly freeBytes: number;
}

/**
 * Decides what of the store has to go, the least recently used first, until all limits hold. What a live process uses,
 * or a kept instance has mounted, stays. A payload counts as used whenever one was that was built with it: a run prepares both, and without the first
 * it would build that again, though it only wants the second. In the order in which they go; pure.
 */
export function planGarbage({
  candidates,
  limits,
  now,
  freeBytes,
}: GarbageQuestion): GarbageDecision[] {
  let total = candidates.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let free = freeBytes;
  const decisions: GarbageDecision[] = [];
  for (const { candidate, lastUsedAt } of usedFor(candidates)) {
    const { contentKey, payloadId, sizeBytes, users, keptForRuns } = candidate;
    const isUsed = users.length > 0 || keptForRuns.length > 0;
    const ageSeconds = (now.getTime() - Date.parse(lastUsedAt)) / 1000;
    const removal = isUsed ? null : removalOf({ limits, ageSeconds, total, free, sizeBytes });
    if (removal !== null) {
      total -= sizeBytes;
      free += sizeBytes;
    }
    decisions.push({ contentKey, payloadId, sizeBytes, lastUsedAt, users, keptForRuns, removal });
  }
  return decisions;
}

interface RemovalQuestion {
  readonly limits: PayloadCacheLimits;
  readonly ageSeconds: number;
  readonly total: number;
  readonly free: number;
  readonly sizeBytes: number;
}

function removalOf({
  limits,
  ageSeconds,
  total,
  free,
  sizeBytes,
}: RemovalQuestion): RemovalReason | null {
  if (limits.maxAgeSeconds !== null && ageSeconds > limits.maxAgeSeconds) {
    return 'unused for too long';
  }
  // What takes no room makes none.
  if (sizeBytes === 0) return null;
  if (limits.maxSizeBytes !== null && total > limits.maxSizeBytes) return 'too much in the store';
  if (limits.minFreeBytes !== null && free < limits.minFreeBytes) {
    return 'too little free on the disk';
  }
  return null;
}
