import { describe, expect, it } from 'vitest';
import { payloadLayout, snapshotLayout } from './cache-layout.js';
import { jobLayout, runLayout } from './run-layout.js';
import { resolveStateRoot } from './state-root.js';

describe('the layout of a state root', () => {
  it('puts the records of a run and of its jobs where earlier readers look', () => {
    const run = runLayout('/s', 'r');
    expect(run).toMatchObject({
      runFile: '/s/runs/r/run.json',
      planFile: '/s/runs/r/plan.json',
      preparedOutputsFile: '/s/runs/r/prepared-outputs.json',
      eventsFile: '/s/runs/r/events.jsonl',
    });
    expect(jobLayout(run, 'unit')).toEqual({
      jobDir: '/s/runs/r/jobs/unit',
      statusFile: '/s/runs/r/jobs/unit/status.json',
      hostLog: '/s/runs/r/jobs/unit/host.log',
      artifactsDir: '/s/runs/r/jobs/unit/artifacts',
      guestLog: '/s/runs/r/jobs/unit/artifacts/guest.log',
      resultFile: '/s/runs/r/jobs/unit/artifacts/result.json',
      guestStatusFile: '/s/runs/r/jobs/unit/artifacts/status.json',
      guestEventsFile: '/s/runs/r/jobs/unit/artifacts/events.jsonl',
      servicesDir: '/s/runs/r/jobs/unit/services',
    });
  });

  it('names snapshots and payloads by content', () => {
    expect(snapshotLayout('/s', 'abc').markerFile).toBe(
      '/s/cache/snapshots/abc/snapshot/pikaci-snapshot.json',
    );
    expect(payloadLayout('/s', 'key')).toEqual({
      dir: '/s/cache/payloads/key',
      outputDir: '/s/cache/payloads/key/output',
      recordFile: '/s/cache/payloads/key/payload.json',
      keyInputsFile: '/s/cache/payloads/key/key-inputs.jsonl',
      entriesFile: '/s/cache/payloads/key/entries.gz',
    });
  });
});

describe('resolveStateRoot', () => {
  const sources = { flag: undefined, environment: undefined, workspaceRoot: '/w', cwd: '/w/sub' };

  it.each([
    [{ flag: 'a', environment: '/e' }, '/w/sub/a'],
    [{ environment: '/e' }, '/e'],
    [{ environment: 'e' }, '/w/sub/e'],
    [{ environment: '' }, '/w/.pikaci'],
    [{}, '/w/.pikaci'],
  ])('of %j is %s', (change, expected) => {
    expect(resolveStateRoot({ ...sources, ...change })).toBe(expected);
  });
});
