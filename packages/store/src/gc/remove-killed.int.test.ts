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

it.each(runRemovalSteps)(
  'a removal that is killed after "%s" leaves nothing or a whole run, and the next collection the rest of nothing',
  async (step) => {
    const store = createRunStore({ stateRoot });
    const record = runRecordOf([jobRecordOf('unit')]);
    const created = await store.create(record);
    if (created.ok) {
      await created.value.createJob('unit');
      await created.value.close();
    }
    const { runId } = record;
    const killed: RemoveRequest = { stateRoot, runId, endedAt: record.finishedAt!, step };
    const helper = new URL('remove-at-step.test.helper.ts', import.meta.url);
    expect(await runInChild(helper, 'removeAndDie', killed)).toMatchObject({ signal: 'SIGKILL' });

    const isThere = step === 'locked' || step === 'checked';
    expect(await store.list()).toMatchObject({ value: isThere ? [{ value: { runId } }] : [] });
    const collect = (maxRuns: number) =>
      collectOldRuns({
        stateRoot,
        limits: { maxRuns, maxAgeSeconds: null, maxSizeBytes: null },
        dryRun: false,
        clock: systemClock,
        isResumable: () => false,
      });
    expect(await collect(9)).toMatchObject({ ok: true, value: { failures: [] } });
    expect(readdirSync(runsDirectory(stateRoot))).toEqual(isThere ? [runId] : []);
    // A lock of the process that was killed keeps nobody from removing it, or going on with it.
    await collect(0);
    expect(readdirSync(runsDirectory(stateRoot))).toEqual([]);
  },
);
