import { payloadsDirectory } from '@pikaci/paths';
import {
  createPayloadRig,
  prepared,
  runInChild,
  shellBuildRuntimes,
  type PayloadRig,
} from '@pikaci/testkit';
import { systemClock } from '@pikaci/model';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  collectGarbage,
  createPayloadStore,
  listPayloads,
  removalSteps,
  verifyPayload,
} from '../index.js';
import type { RemoveRequest } from './remove-at-step.test.helper.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

const limits = { maxSizeBytes: null, minFreeBytes: null, maxAgeSeconds: null };

it.each(removalSteps)(
  'a removal that is killed after "%s" leaves nothing or a whole payload, and the next collection the rest of nothing',
  async (step) => {
    const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
    const run = 'mkdir "$PIKACI_OUTPUT/d"; echo > "$PIKACI_OUTPUT/d/x"';
    const request = rig.request({ kind: 'command', run, mounts: [] });
    const { contentKey } = prepared(await store.prepare(request));
    await store.close();
    const { stateRoot } = rig;
    const killed: RemoveRequest = { stateRoot, contentKey, step };
    const helper = new URL('remove-at-step.test.helper.ts', import.meta.url);
    expect(await runInChild(helper, 'removeAndDie', killed)).toMatchObject({ signal: 'SIGKILL' });

    const isThere = step !== 'renamed' && step !== 'removed';
    const { payloads, damaged } = await listPayloads(stateRoot);
    expect(payloads).toHaveLength(isThere ? 1 : 0);
    expect(damaged).toEqual([]);
    for (const payload of payloads) {
      expect(await verifyPayload(stateRoot, payload)).toMatchObject({ value: { verdict: 'ok' } });
    }
    await collectGarbage({ stateRoot, limits, dryRun: false, clock: systemClock });
    expect(readdirSync(payloadsDirectory(stateRoot))).toEqual(isThere ? [contentKey] : []);
    expect(prepared(await store.prepare(request)).reused).toBe(isThere);
    await store.close();
  },
);
