import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@pikaci/model';
import { runsDirectory } from '@pikaci/paths';
import { jobRecordOf, runInChild, runRecordOf } from '@pikaci/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRunStore } from '../run-store.js';
import { collectOldRuns } from './collect-old-runs.js';
import type { RemoveRequest } from './remove-at-step.test.helper.js';
import { runRemovalSteps } from './removal-steps.js';

let stateRoot = '';
beforeEach(() => {
  stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-gc-'));
});
afterEach(() => rmSync(stateRoot, { recursive: true }));

const record = runRecordOf([jobRecordOf('unit')]);
const { runId } = record;

async function createRun(): Promise<void> {
  const created = await createRunStore({ stateRoot }).create(record);
  if (!created.ok) return;
  await created.value.createJob('unit');
  await created.value.close();
}

async function removeUntilKilled(how: Pick<RemoveRequest, 'step' | 'pins'>): Promise<void> {
  const request: RemoveRequest = { stateRoot, runId, endedAt: record.finishedAt!, ...how };
  const helper = new URL('remove-at-step.test.helper.ts', import.meta.url);
  expect(await runInChild(helper, 'removeAndDie', request)).toMatchObject({ signal: 'SIGKILL' });
}

const collect = (maxRuns: number) =>
  collectOldRuns({
    stateRoot,
    limits: { maxRuns, maxAgeSeconds: null, maxSizeBytes: null },
    dryRun: false,
    clock: systemClock,
    isResumable: () => false,
  });

it.each(runRemovalSteps)(
  'a removal that is killed after "%s" leaves nothing or a whole run, and the next collection the rest of nothing',
  async (step) => {
    await createRun();
    await removeUntilKilled({ step });

    const isThere = step === 'locked' || step === 'checked';
    expect(await createRunStore({ stateRoot }).list()).toMatchObject({
      value: isThere ? [{ value: { runId } }] : [],
    });
    expect(await collect(9)).toMatchObject({ ok: true, value: { failures: [] } });
    expect(readdirSync(runsDirectory(stateRoot))).toEqual(isThere ? [runId] : []);
    // A lock of the process that was killed keeps nobody from removing it, or going on with it.
    await collect(0);
    expect(readdirSync(runsDirectory(stateRoot))).toEqual([]);
  },
);

it('a run that was pinned while its removal was killed comes back', async () => {
  await createRun();
  await removeUntilKilled({ step: 'renamed', pins: true });
  expect(await createRunStore({ stateRoot }).list()).toMatchObject({ value: [] });
  expect(await collect(0)).toMatchObject({ value: { kept: [{ runId, keep: 'pinned' }] } });
  expect(readdirSync(runsDirectory(stateRoot))).toEqual([runId]);
  expect(await createRunStore({ stateRoot }).read(runId)).toMatchObject({ ok: true });
});
