import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type RunGarbageReport, type RunRecord } from '@pikaci/model';
import { runLayout, runsDirectory } from '@pikaci/paths';
import { jobRecordOf, runRecordOf, treeState } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeRunLease } from '../run-leases.js';
import { createRunStore } from '../run-store.js';
import { collectOldRuns, type OldRunsOptions } from './collect-old-runs.js';
import { pinRun, unpinRun } from './pin-run.js';

let stateRoot = '';
beforeEach(() => {
  stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-gc-'));
});
afterEach(() => rmSync(stateRoot, { recursive: true }));

const idOf = (second: number) => `2026030${second}T000001Z-aaaa000${second}`;
const stored = () => readdirSync(runsDirectory(stateRoot)).sort();
const store = () => createRunStore({ stateRoot, repeat: () => () => undefined });

async function create(second: number, different: Partial<RunRecord> = {}): Promise<string> {
  const record = runRecordOf([jobRecordOf('unit')], {
    runId: idOf(second),
    createdAt: `2026-03-0${second}T00:00:01.000+00:00`,
    finishedAt: `2026-03-0${second}T00:00:09.000+00:00`,
    ...different,
  });
  const created = await store().create(record);
  if (created.ok) await created.value.close();
  return record.runId;
}

const none = { maxAgeSeconds: null, maxRuns: null, maxSizeBytes: null };
async function collect(different: Partial<OldRunsOptions> = {}): Promise<RunGarbageReport> {
  const collected = await collectOldRuns({
    stateRoot,
    limits: { ...none, maxRuns: 0 },
    dryRun: false,
    clock: systemClock,
    isResumable: () => false,
    ...different,
  });
  if (!collected.ok) throw new Error(collected.error.message);
  return collected.value;
}

const idsOf = (decisions: RunGarbageReport['kept']) =>
  decisions.map(({ runId, removal, keep }) => [runId, removal ?? keep]);

describe('a collection of old runs', () => {
  it('removes the oldest, with all that is in their directories, and follows no link', async () => {
    const [old, young] = [await create(1), await create(2)];
    const { jobsDir } = runLayout(stateRoot, old);
    mkdirSync(join(jobsDir, 'unit'));
    writeFileSync(join(jobsDir, 'unit/big'), 'x'.repeat(5000));
    writeFileSync(join(stateRoot, 'precious'), 'mine');
    symlinkSync(stateRoot, join(jobsDir, 'unit/link'));
    const report = await collect({ limits: { ...none, maxRuns: 1 } });
    expect(idsOf(report.removed)).toEqual([[old, 'too many runs']]);
    expect(idsOf(report.kept)).toEqual([[young, 'within limits']]);
    expect(report.freedBytes).toBeGreaterThan(5000);
    expect(stored()).toEqual([young]);
    expect(readFileSync(join(stateRoot, 'precious'), 'utf8')).toBe('mine');
  });

  it('changes nothing in a dry run, and tells the same', async () => {
    await create(1);
    await create(2);
    const before = treeState(stateRoot);
    const dry = await collect({ dryRun: true });
    expect(treeState(stateRoot)).toEqual(before);
    const wet = await collect();
    expect(wet).toEqual({ ...dry, dryRun: false });
    expect(stored()).toEqual([]);
  });

  it('leaves runs that go on, were pinned, may have left something or can be gone on with', async () => {
    const running = await create(1, { status: 'running', finishedAt: null });
    const pinned = await create(2);
    const leased = await create(3);
    const broken = await create(4, { status: 'failed' });
    await pinRun(stateRoot, pinned);
    await takeRunLease(stateRoot, leased, []);
    const isResumable = ({ status }: RunRecord) => status === 'failed';
    const report = await collect({ isResumable });
    expect(idsOf(report.kept)).toEqual([
      [running, 'running'],
      [pinned, 'pinned'],
      [leased, 'leased'],
      [broken, 'resumable'],
    ]);
    expect(stored()).toEqual([running, pinned, leased, broken]);
    await unpinRun(stateRoot, pinned);
    const limits = { ...none, maxAgeSeconds: 60 };
    expect(idsOf((await collect({ isResumable, limits })).removed)).toEqual([
      [pinned, 'too old'],
      [broken, 'too old'],
    ]);
  });

  it('leaves a run that somebody has taken over since it was looked at', async () => {
    const runId = await create(1);
    const adopted = await store().adopt(runId);
    expect(idsOf((await collect()).kept)).toEqual([[runId, 'running']]);
    if (adopted.ok) await adopted.value?.writer.close();
    expect(idsOf((await collect()).removed)).toEqual([[runId, 'too many runs']]);
  });

  it('lets nobody go on with a run that is being removed', async () => {
    const runId = await create(1);
    const adoptions: unknown[] = [];
    await collect({
      onStep: async (step) => {
        const adopted = await store().adopt(runId);
        adoptions.push([step, adopted.ok ? adopted.value : adopted.error.kind]);
      },
    });
    expect(adoptions).toEqual([
      ['locked', null],
      ['checked', null],
      ['renamed', 'selection'],
      ['removed', 'selection'],
    ]);
    expect(stored()).toEqual([]);
  });

  it.each(['locked', 'checked'])('leaves a run that is pinned after "%s"', async (step) => {
    const runId = await create(1);
    const report = await collect({
      onStep: async (done) => {
        if (done === step) expect(await pinRun(stateRoot, runId)).toMatchObject({ ok: true });
      },
    });
    expect(idsOf(report.kept)).toEqual([[runId, 'pinned']]);
    expect(stored()).toEqual([runId]);
    expect(await store().read(runId)).toMatchObject({ ok: true });
  });

  it('never shows a part of a run to who reads', async () => {
    await create(1);
    const seen: unknown[] = [];
    await collect({
      onStep: async (step) => {
        const listed = await store().list();
        seen.push([step, listed.ok && listed.value.map(({ ok }) => ok)]);
      },
    });
    expect(seen).toEqual([
      ['locked', [true]],
      ['checked', [true]],
      ['renamed', []],
      ['removed', []],
    ]);
  });

  it('tells a damaged record, and leaves its run', async () => {
    const runId = await create(1);
    writeFileSync(runLayout(stateRoot, runId).runFile, '{');
    const report = await collect();
    expect(report).toMatchObject({
      removed: [],
      damaged: [{ message: expect.any(String) as string }],
    });
    expect(stored()).toEqual([runId]);
  });

  it('removes the directory by its own name, whatever the record says', async () => {
    const [one, two] = [await create(1), await create(2)];
    const file = runLayout(stateRoot, one).runFile;
    writeFileSync(file, readFileSync(file, 'utf8').replace(one, two));
    await collect({ limits: { ...none, maxRuns: 1 } });
    expect(stored()).toEqual([two]);
  });

  it('has nothing to do where nothing was ever run', async () => {
    const nowhere = join(stateRoot, 'none');
    expect(await collect({ stateRoot: nowhere })).toMatchObject({ removed: [], kept: [] });
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe('a pin', () => {
  it('cannot be put on a run that is gone, and is taken off more than once', async () => {
    const runId = await create(1);
    await unpinRun(stateRoot, runId);
    expect(await unpinRun(stateRoot, runId)).toMatchObject({ ok: true });
    await collect();
    expect(await pinRun(stateRoot, runId)).toMatchObject({
      ok: false,
      error: { kind: 'selection' },
    });
    expect(stored()).toEqual([]);
  });
});
