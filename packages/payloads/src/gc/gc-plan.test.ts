import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planGarbage, type GarbageCandidate, type GarbageQuestion } from './gc-plan.js';

const now = new Date('2026-06-30T00:00:00Z');
const daysAgo = (days: number) =>
  new Date(now.getTime() - days * 86_400_000).toISOString().replace('Z', '+00:00');
const user = { pid: 7, onThisHost: true };
const none = { maxSizeBytes: null, minFreeBytes: null, maxAgeSeconds: null };

const candidate = (
  contentKey: string,
  days: number,
  changes: Partial<GarbageCandidate> = {},
): GarbageCandidate => ({
  contentKey,
  payloadId: `id-${contentKey}`,
  sizeBytes: 10,
  lastUsedAt: daysAgo(days),
  users: [],
  keptForRuns: [],
  dependencies: [],
  ...changes,
});

const removed = (question: Partial<GarbageQuestion>) =>
  planGarbage({ candidates: [], limits: none, now, freeBytes: 0, ...question }).flatMap(
    ({ contentKey, removal }) => (removal === null ? [] : [`${contentKey}: ${removal}`]),
  );

describe('the plan of a collection', () => {
  const candidates = [candidate('new', 1), candidate('old', 30), candidate('mid', 10)];

  it('removes nothing without limits', () => {
    expect(removed({ candidates })).toEqual([]);
  });

  it('removes what was unused for too long', () => {
    const limits = { ...none, maxAgeSeconds: 10 * 86_400 };
    expect(removed({ candidates, limits })).toEqual(['old: unused for too long']);
  });

  it('removes the least recently used until the rest is small enough', () => {
    const limits = { ...none, maxSizeBytes: 15 };
    expect(removed({ candidates, limits })).toEqual([
      'old: too much in the store',
      'mid: too much in the store',
    ]);
    expect(removed({ candidates, limits: { ...none, maxSizeBytes: 30 } })).toEqual([]);
  });

  it('removes the least recently used until enough is free', () => {
    const limits = { ...none, minFreeBytes: 100 };
    expect(removed({ candidates, limits, freeBytes: 85 })).toEqual([
      'old: too little free on the disk',
      'mid: too little free on the disk',
    ]);
  });

  it('leaves what is in use, and takes the next one instead', () => {
    const limits = { ...none, maxSizeBytes: 25, maxAgeSeconds: 20 * 86_400 };
    const used = [
      candidate('new', 1),
      candidate('old', 30, { users: [user] }),
      candidate('mid', 10),
    ];
    expect(removed({ candidates: used, limits })).toEqual(['mid: too much in the store']);
  });

  it('leaves what an instance has mounted that is kept', () => {
    const limits = { ...none, maxAgeSeconds: 0 };
    const kept = [candidate('new', 1), candidate('old', 30, { keptForRuns: ['a-run'] })];
    expect(removed({ candidates: kept, limits })).toEqual(['new: unused for too long']);
  });

  it('takes a payload for used when one was that was built with it, and removes that one first', () => {
    const chain = [
      candidate('base', 30),
      candidate('middle', 20, { dependencies: ['base', 'evicted'] }),
      candidate('top', 1, { dependencies: ['middle'] }),
      candidate('other', 2),
    ];
    expect(removed({ candidates: chain, limits: { ...none, maxSizeBytes: 0 } })).toEqual([
      'other: too much in the store',
      'top: too much in the store',
      'middle: too much in the store',
      'base: too much in the store',
    ]);
    expect(removed({ candidates: chain, limits: { ...none, maxAgeSeconds: 3 * 86_400 } })).toEqual(
      [],
    );
  });

  it('does not remove what lies outside of the store to make room', () => {
    const outside = [candidate('nix', 30, { sizeBytes: 0 }), candidate('own', 1)];
    expect(removed({ candidates: outside, limits: { ...none, maxSizeBytes: 0 } })).toEqual([
      'own: too much in the store',
    ]);
    expect(removed({ candidates: outside, limits: { ...none, maxAgeSeconds: 864_000 } })).toEqual([
      'nix: unused for too long',
    ]);
  });

  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
  const anyCandidates = fc.uniqueArray(
    fc.record({
      contentKey: fc.constantFrom(...keys),
      days: fc.integer({ min: 0, max: 40 }),
      sizeBytes: fc.integer({ min: 1, max: 50 }),
      isUsed: fc.boolean(),
      dependencies: fc.array(fc.constantFrom(...keys), { maxLength: 2 }),
    }),
    { selector: ({ contentKey }) => contentKey, maxLength: 8 },
  );
  const limit = fc.option(fc.integer({ min: 0, max: 200 }));

  it('meets every limit that can be met without what is in use, and removes nothing in vain', () => {
    fc.assert(
      fc.property(
        anyCandidates,
        limit,
        limit,
        fc.nat({ max: 200 }),
        (given, max, min, freeBytes) => {
          const all = given.map(({ contentKey, days, sizeBytes, isUsed, dependencies }) =>
            candidate(contentKey, days, {
              sizeBytes,
              users: isUsed ? [user] : [],
              // Only on earlier letters: nothing is built with itself.
              dependencies: dependencies.filter((key) => key < contentKey),
            }),
          );
          const limits = { maxSizeBytes: max, minFreeBytes: min, maxAgeSeconds: null };
          const decisions = planGarbage({ candidates: all, limits, now, freeBytes });
          expect(decisions).toHaveLength(all.length);
          const gone = decisions.filter(({ removal }) => removal !== null);
          expect(gone.every(({ users }) => users.length === 0)).toBe(true);
          const freed = gone.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
          const total = all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
          const isMet = (freedBytes: number) =>
            (max === null || total - freedBytes <= max) &&
            (min === null || freeBytes + freedBytes >= min);
          const removable = decisions.filter(({ users }) => users.length === 0);
          if (removable.length > gone.length) expect(isMet(freed)).toBe(true);
          const last = gone.at(-1);
          if (last !== undefined) expect(isMet(freed - last.sizeBytes)).toBe(false);
          // Whatever stays and is not in use was used no earlier than what goes.
          const isGone = removable.map(({ removal }) => removal !== null);
          expect(isGone).toEqual([...isGone].sort().reverse());
          const places = decisions.map(({ contentKey }) => contentKey);
          for (const { contentKey, dependencies } of all) {
            for (const key of dependencies.filter((one) => places.includes(one))) {
              expect(places.indexOf(key)).toBeGreaterThan(places.indexOf(contentKey));
            }
          }
        },
      ),
    );
  });
});
