import type { GarbageCandidate } from './gc-plan.js';

/** A payload with the time at which it, or one that was built with it, was last used. */
export interface UsedCandidate {
  readonly candidate: GarbageCandidate;
  readonly lastUsedAt: string;
}

interface Use {
  readonly lastUsedAt: string;
  /** How many payloads, one built with the next, come after this one. */
  readonly depth: number;
}

/** The least recently used first; of those that were used at the same time what was built with another one goes first. */
export function usedFor(candidates: readonly GarbageCandidate[]): UsedCandidate[] {
  const dependents = dependentsOf(candidates);
  const uses = new Map<string, Use>();
  const useOf = (candidate: GarbageCandidate): Use => {
    const known = uses.get(candidate.contentKey);
    if (known !== undefined) return known;
    let use: Use = { lastUsedAt: candidate.lastUsedAt, depth: 0 };
    for (const dependent of dependents.get(candidate.contentKey) ?? []) {
      const { lastUsedAt, depth } = useOf(dependent);
      use = {
        lastUsedAt: lastUsedAt > use.lastUsedAt ? lastUsedAt : use.lastUsedAt,
        depth: Math.max(use.depth, depth + 1),
      };
    }
    uses.set(candidate.contentKey, use);
    return use;
  };
  return candidates
    .map((candidate) => ({ candidate, use: useOf(candidate) }))
    .sort((a, b) => compareUses(a.use, b.use) || compareKeys(a.candidate, b.candidate))
    .map(({ candidate, use }) => ({ candidate, lastUsedAt: use.lastUsedAt }));
}

function dependentsOf(
  candidates: readonly GarbageCandidate[],
): ReadonlyMap<string, readonly GarbageCandidate[]> {
  const dependents = new Map<string, GarbageCandidate[]>();
  for (const candidate of candidates) {
    for (const key of candidate.dependencies) {
      dependents.set(key, [...(dependents.get(key) ?? []), candidate]);
    }
  }
  return dependents;
}

function compareUses(a: Use, b: Use): number {
  if (a.lastUsedAt !== b.lastUsedAt) return a.lastUsedAt < b.lastUsedAt ? -1 : 1;
  return a.depth - b.depth;
}

function compareKeys(a: GarbageCandidate, b: GarbageCandidate): number {
  return a.contentKey < b.contentKey ? -1 : 1;
}
