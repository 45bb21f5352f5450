import { failure } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import type { ShownJob, ShownRun } from '@pikaci/model';
import { formatRun } from './run-view.js';

const job = (id: string, different: Partial<ShownJob> = {}): ShownJob => ({
  id,
  status: 'passed',
  failureKind: null,
  runtime: 'process',
  attempt: 1,
  flaky: false,
  allowedFailure: false,
  durationMs: 3200,
  exitCode: 0,
  message: null,
  failure: null,
  artifactCount: 0,
  testResults: null,
  notes: [],
  services: [],
  guestLogPath: `/s/runs/r/jobs/${id}/artifacts/guest.log`,
  ...different,
});

const run = (different: Partial<ShownRun> = {}): ShownRun => ({
  schemaVersion: 1,
  runId: 'r',
  status: 'passed',
  abandoned: false,
  isPinned: false,
  targetId: 'web',
  targetDescription: 'all of it',
  failureKind: null,
  failure: null,
  message: null,
  createdAt: '2026-03-07T00:00:01.000+00:00',
  finishedAt: '2026-03-07T00:00:10.000+00:00',
  durationMs: 9000,
  resumedAt: [],
  trace: null,
  rerunOf: null,
  reusedResults: [],
  owner: null,
  sourceRoot: '/w',
  gitHead: 'abc',
  gitDirty: true,
  snapshot: { hash: '5af0', dir: '/s/cache/snapshots/5af0/snapshot', isStored: true },
  selection: ['unit'],
  changeFilter: null,
  payloads: [],
  jobs: [job('unit')],
  places: { directory: '/s/runs/r' },
  next: ['npx pikaci logs r'],
  ...different,
});

describe('formatRun', () => {
  it('shows all of a run on one screen', () => {
    const payload = { contentKey: 'a'.repeat(64), storePath: '/s/p', durationMs: 12 };
    const text = formatRun(
      run({
        payloads: [
          { ...payload, id: 'deps', reused: true, sizeBytes: 2048 },
          { ...payload, id: 'app', reused: false, sizeBytes: null },
        ],
        jobs: [
          job('unit', { flaky: true, attempt: 2, artifactCount: 3 }),
          job('e2e', {
            status: 'failed',
            failureKind: 'job',
            exitCode: 3,
            failure: failure('job', 'The command ended with 3', { hint: 'See its log.' }),
            notes: ['slow'],
          }),
        ],
      }),
    );
    expect(text).toBe(`run r passed in 9.0s
  target     web: all of it
  created    2026-03-07 00:00:01 UTC
  finished   2026-03-07 00:00:10 UTC
  source     /w
  git head   abc and changes
  snapshot   5af0
             /s/cache/snapshots/5af0/snapshot
  selection  unit
  filter     none: nothing was left out

payloads
  deps  aaaaaaaaaaaa  hit    12ms  2.0 KiB                    /s/p
  app   aaaaaaaaaaaa  built  12ms  not in the store any more  /s/p

jobs
  ✓ unit passed (flaky: passed on attempt 2)  3.2s, exit code 0, 2 attempts, 3 artifacts, process
  ✗ e2e failed                                3.2s, exit code 3, process
      The command ended with 3
      next:  See its log.
      note: slow
      log:   /s/runs/r/jobs/e2e/artifacts/guest.log

records
  directory  /s/runs/r

next
  npx pikaci logs r`);
  });

  it('says why the run failed, and what was filtered', () => {
    const text = formatRun(
      run({
        status: 'failed',
        failureKind: 'snapshot',
        failure: failure('snapshot', 'The disk is full', { reason: 'ENOSPC' }),
        jobs: [],
        selection: [],
        snapshot: { hash: '5af0', dir: '/s', isStored: false },
        isPinned: true,
        changeFilter: { patterns: ['web/**'], changedFiles: ['1', '2', '3', '4', '5', '6'] },
      }),
    );
    expect(text).toContain('run r snapshot failed in 9.0s\n  The disk is full\n  why:   ENOSPC\n');
    expect(text).toContain('1 pattern (web/**); 6 changed files (1, 2, 3, 4, 5, …)');
    expect(text).toContain('5af0 (not in the store any more)\n');
    expect(text).toContain('selection  no jobs');
    expect(text).toContain('pinned     npx pikaci gc leaves it');
  });

  it('tells a run that goes on from one whose process is gone', () => {
    const owner = {
      pid: 7,
      host: 'build1',
      bootId: null,
      startTicks: null,
      heartbeatAt: '2026-03-07T00:00:05.000+00:00',
    };
    const going = run({ status: 'running', finishedAt: null, durationMs: null, owner });
    expect(formatRun(going)).toContain('process 7 on build1 runs it');
    const gone = formatRun({ ...going, abandoned: true });
    expect(gone).toContain('run r abandoned\n');
    expect(gone).toContain('process 7 on build1 is gone; last seen 2026-03-07 00:00:05 UTC');
  });

  it('makes what others wrote harmless', () => {
    const text = formatRun(
      run({ targetDescription: 'a\u001b[2Jb\nc', jobs: [job('unit', { message: '\u001b[31mx' })] }),
    );
    expect(text).not.toContain('\u001b');
    expect(text).toContain('web: ab c\n');
  });
});
