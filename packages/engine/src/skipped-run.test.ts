import { exampleRunId, fakePorts, runRequestOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { recordSkippedRun } from './skipped-run.js';

const message = 'skipped; no changed files matched 2 filter(s)';
const request = {
  ...runRequestOf({ jobs: { unit: { run: 'x' } } }, { filters: ['a/**', 'b'] }),
  message,
};

describe('recordSkippedRun', () => {
  it('records a run without jobs that ended when it began', async () => {
    const ports = fakePorts();
    const skipped = await recordSkippedRun(request, ports);
    expect(skipped).toMatchObject({
      ok: true,
      value: {
        status: 'skipped',
        message,
        filters: ['a/**', 'b'],
        snapshotDir: '',
        planPath: null,
        jobs: [],
        createdAt: '2026-03-07T00:00:01.000+00:00',
        finishedAt: '2026-03-07T00:00:01.000+00:00',
      },
    });
    const run = ports.store.runs.get(exampleRunId);
    expect(run?.order).toEqual(['run skipped', 'event run_started', 'event run_finished', 'close']);
    expect(ports.reporter.events.map((event) => event.sequence)).toEqual([1, 2]);
  });
});
