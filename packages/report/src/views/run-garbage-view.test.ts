import { failure, type RunDecision, type RunGarbageReport } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { formatRunGarbage } from './run-garbage-view.js';

const decision = (runId: string, different: Partial<RunDecision> = {}): RunDecision => ({
  runId,
  targetId: 'web',
  status: 'failed',
  endedAt: '2026-03-07T00:00:10.000+00:00',
  sizeBytes: 1024,
  removal: null,
  keep: null,
  ...different,
});

const report = (different: Partial<RunGarbageReport> = {}): RunGarbageReport => ({
  dryRun: false,
  limits: null,
  removed: [],
  kept: [],
  damaged: [],
  leftovers: [],
  freedBytes: 0,
  keptBytes: 0,
  failures: [],
  ...different,
});

describe('formatRunGarbage', () => {
  it('says what would go and why, and what would stay and why', () => {
    const text = formatRunGarbage(
      report({
        dryRun: true,
        removed: [decision('a', { removal: 'too old' })],
        kept: [
          ...['b', 'c', 'd', 'e'].map((id) => decision(id, { keep: 'pinned' })),
          decision('f', { keep: 'newest' }),
          decision('g', { keep: 'young' }),
        ],
        leftovers: ['/s/runs/.staging-x'],
        freedBytes: 1024,
        keptBytes: 6144,
      }),
    );
    expect(text)
      .toBe(`no limits are given (--max-age, --max-runs, --max-size): the newest 50 runs and all of the last 30 days are kept
would remove
  a  failed  web  1.0 KiB  ended 2026-03-07 00:00:10 UTC  too old

kept
  4 runs pinned (npx pikaci gc --unpin <run> lets one go): b, c, d and 1 more
  1 run one of the newest 50
  1 run not older than 30 days

would remove what is left of 1 broken off removal
would free 1.0 KiB; 6 runs of 6.0 KiB stay`);
  });

  it('says when a limit does not hold, and what could not be removed', () => {
    const text = formatRunGarbage(
      report({
        limits: { maxRuns: 1, maxAgeSeconds: null, maxSizeBytes: 1024 },
        kept: [decision('a', { keep: 'running' }), decision('b', { keep: 'not removable' })],
        keptBytes: 2048,
        damaged: [failure('infrastructure', 'The run record is damaged')],
        failures: [failure('infrastructure', 'It is refused', { hint: 'Do something.' })],
      }),
    );
    expect(text).toBe(`kept
  1 run running, or in use by another process: a
  1 run could not be removed

error: The run record is damaged
  kept:  nothing is known of it
error: It is refused
  next:  Do something.
freed 0 B; 2 runs of 2.0 KiB stay
that is more than 1 run, but none of them may go
that is more than 1.0 KiB, but none of them may go`);
  });
});
