import { usualRetention, type RunLimits } from '@pikaci/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRunGarbage, type RunCandidate } from './plan-run-garbage.js';

const now = new Date('2026-06-30T00:00:00Z');
const none: RunLimits = { maxAgeSeconds: null, maxRuns: null, maxSizeBytes: null };
const day = 86_400;

const candidate = (
  runId: string,
  days: number,
  different: Partial<RunCandidate> = {},
): RunCandidate => ({
  runId,
  targetId: null,
  status: 'passed',
  endedAt: new Date(now.getTime() - days * day * 1000).toISOString(),
  sizeBytes: 10,
  protection: null,
  isResumable: false,
  ...different,
});

const plan = (candidates: readonly RunCandidate[], limits: Partial<RunLimits> | null) =>
  planRunGarbage({
    candidates,
    limits: limits === null ? null : { ...none, ...limits },
    now,
  }).map(({ runId, removal, keep }) => `${runId}: ${removal ?? ''}${keep ?? ''}`);

describe('the plan of a collection of runs', () => {
  const three = [candidate('new', 1), candidate('old', 30), candidate('mid', 10)];

  it('removes what is too old', () => {
    expect(plan(three, { maxAgeSeconds: 10 * day })).toEqual([
      'old: too old',
      'mid: within limits',
      'new: within limits',
    ]);
  });

  it('removes the oldest until there are few enough, and little enough', () => {
    expect(plan(three, { maxRuns: 1 })).toEqual([
      'old: too many runs',
      'mid: too many runs',
      'new: within limits',
    ]);
    expect(plan(three, { maxSizeBytes: 25 })).toEqual([
      'old: too much on the disk',
      'mid: within limits',
      'new: within limits',
    ]);
  });

  it('never removes what is pinned, goes on or may have left something, and counts it', () => {
    const all = [
      candidate('a', 90, { protection: 'pinned' }),
      candidate('b', 80, { protection: 'running', status: 'running' }),
      candidate('c', 70, { protection: 'leased' }),
      candidate('d', 1),
    ];
    const kept = ['a: pinned', 'b: running', 'c: leased'];
    expect(plan(all, { maxAgeSeconds: day / 2, maxRuns: 3 })).toEqual([...kept, 'd: too old']);
    expect(plan(all, { maxRuns: 3 })).toEqual([...kept, 'd: too many runs']);
  });

  it('removes what could be gone on with only for its age', () => {
    const all = [
      candidate('old', 9, { isResumable: true }),
      candidate('mid', 5, { isResumable: true }),
      candidate('new', 1),
    ];
    expect(plan(all, { maxRuns: 0, maxAgeSeconds: 6 * day })).toEqual([
      'old: too old',
      'mid: resumable',
      'new: too many runs',
    ]);
    expect(plan(all, { maxRuns: 0 })).toContain('old: resumable');
  });

  it('without limits keeps the newest and the young', () => {
    const { newestRuns } = usualRetention;
    const old = Array.from({ length: newestRuns + 2 }, (_, index) =>
      candidate(`old-${String(index).padStart(2, '0')}`, 200 - index),
    );
    const young = [candidate('young', 3), candidate('broken', 2, { isResumable: true })];
    const planned = plan([...young, ...old], null);
    // The young ones are of the newest as well: so many old ones more go.
    expect(planned.filter((line) => line.endsWith('too old'))).toHaveLength(4);
    expect(planned[0]).toBe('old-00: too old');
    expect(planned[4]).toBe('old-04: newest');
    expect(planned.slice(-2)).toEqual(['young: young', 'broken: resumable']);
    const many = Array.from({ length: newestRuns + 9 }, (_, index) => candidate(`r${index}`, 5));
    expect(plan(many, null).every((line) => line.endsWith('young'))).toBe(true);
  });

  it('does not take a run for old whose time is none', () => {
    expect(plan([candidate('x', 1, { endedAt: '' }), candidate('y', 9)], { maxRuns: 1 })).toEqual([
      'y: too many runs',
      'x: within limits',
    ]);
  });

  const anyCandidates = fc.uniqueArray(
    fc.record({
      runId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      days: fc.integer({ min: 0, max: 60 }),
      sizeBytes: fc.integer({ min: 1, max: 50 }),
      protection: fc.constantFrom(null, null, null, 'pinned', 'running', 'leased' as const),
      isResumable: fc.boolean(),
    }),
    { selector: ({ runId }) => runId, maxLength: 8 },
  );
  const limit = (max: number) => fc.option(fc.integer({ min: 0, max }));

  it('meets every limit that can be met, and removes nothing in vain', () => {
    fc.assert(
      fc.property(anyCandidates, limit(60), limit(8), limit(200), (given, days, runs, size) => {
        const candidates = given.map(({ runId, days: age, ...rest }) =>
          candidate(runId, age, rest),
        );
        const limits = {
          maxAgeSeconds: days === null ? null : days * day,
          maxRuns: runs,
          maxSizeBytes: size,
        };
        const decisions = planRunGarbage({ candidates, limits, now });
        expect(decisions).toHaveLength(candidates.length);
        const of = (id: string) => given.find(({ runId }) => runId === id)!;
        const isTooOld = (id: string) => days !== null && of(id).days > days;
        const kept = decisions.filter(({ removal }) => removal === null);
        const gone = decisions.filter(({ removal }) => removal !== null);
        const isMet = (left: typeof decisions) =>
          (runs === null || left.length <= runs) &&
          (size === null || left.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) <= size);
        for (const { runId, removal, keep } of decisions) {
          expect((removal === null) !== (keep === null)).toBe(true);
          const { protection, isResumable } = of(runId);
          if (protection !== null) expect(keep).toBe(protection);
          else if (isTooOld(runId)) expect(removal).toBe('too old');
          else if (isResumable) expect(keep).toBe('resumable');
        }
        // What is left beyond a limit has to stay.
        if (kept.some(({ keep }) => keep === 'within limits')) expect(isMet(kept)).toBe(true);
        // Without the last removal that was not for its age, a limit would not hold.
        const last = gone.findLast(({ runId }) => !isTooOld(runId));
        if (last !== undefined) expect(isMet([...kept, last])).toBe(false);
        const free = decisions.filter(({ runId }) => {
          const { protection, isResumable } = of(runId);
          return protection === null && !isResumable;
        });
        const isGone = free.map(({ removal }) => removal !== null);
        expect(isGone).toEqual([...isGone].sort().reverse());
      }),
    );
  });

  it('without limits removes only what is neither young nor one of the newest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ days: fc.integer({ min: 0, max: 60 }), isPinned: fc.boolean() }), {
          minLength: 52,
          maxLength: 120,
        }),
        (given) => {
          const all = given.map(({ days, isPinned }, index) =>
            candidate(`r${index}`, days, { protection: isPinned ? 'pinned' : null }),
          );
          const decisions = planRunGarbage({ candidates: all, limits: null, now });
          for (const [index, { removal, endedAt }] of decisions.entries()) {
            if (removal === null) continue;
            expect(now.getTime() - Date.parse(endedAt)).toBeGreaterThan(
              usualRetention.youngerThanSeconds * 1000,
            );
            expect(decisions.length - index).toBeGreaterThan(usualRetention.newestRuns);
          }
        },
      ),
    );
  });
});
