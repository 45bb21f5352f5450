import { payloadRecordCodec } from '@pikaci/model';
import { payloadLayout, payloadLeasesDirectory, payloadsDirectory } from '@pikaci/paths';
import {
  createPayloadRig,
  prepared,
  runInChild,
  shellBuildRuntimes,
  type PayloadRig,
} from '@pikaci/testkit';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore, payloadSteps, treeDigest, type PayloadStep } from '../index.js';
import type { DieRequest } from './die-at-step.test.helper.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

const payload = {
  kind: 'command',
  run: 'cat in > "$PIKACI_OUTPUT/out"; mkdir -m 0500 "$PIKACI_OUTPUT/closed"',
  inputs: ['in'],
  mounts: [],
};
const entries = (dir: string) => (existsSync(dir) ? readdirSync(dir) : []);
const payloadsThere = () =>
  entries(payloadsDirectory(rig.stateRoot)).filter((name) => !name.startsWith('.'));

async function dieAt(step: PayloadStep): Promise<void> {
  const request: DieRequest = {
    stateRoot: rig.stateRoot,
    snapshotDir: rig.snapshotDir,
    payload,
    step,
  };
  const helper = new URL('die-at-step.test.helper.ts', import.meta.url);
  expect(await runInChild(helper, 'prepareAndDie', request)).toMatchObject({
    signal: 'SIGKILL',
    stderr: '',
  });
}

/** A payload under its key is whole: its record can be read, and its digest is that of its output. */
async function expectWhole(key: string): Promise<void> {
  const { recordFile, outputDir } = payloadLayout(rig.stateRoot, key);
  const record = payloadRecordCodec.decode(
    JSON.parse(readFileSync(recordFile, 'utf8')),
    recordFile,
  );
  if (!record.ok) throw new Error(record.error.message);
  expect(await treeDigest(outputDir)).toBe(record.value.digest);
  expect(readFileSync(join(outputDir, 'out'), 'utf8')).toBe('content');
}

describe('a process that is killed while it prepares a payload', () => {
  it.each(payloadSteps)(
    'leaves nothing or a whole payload after "%s", and nothing else once it was prepared again',
    async (step) => {
      rig.write('in', 'content');
      await dieAt(step);

      const isPublished = step === 'published' || step === 'unlocked';
      const there = payloadsThere();
      expect(there).toHaveLength(isPublished ? 1 : 0);
      for (const key of there) await expectWhole(key);

      const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
      const again = prepared(await store.prepare(rig.request(payload)));
      expect(again.reused).toBe(isPublished);
      await expectWhole(again.contentKey);
      await store.close();
      expect(entries(payloadsDirectory(rig.stateRoot))).toEqual([again.contentKey]);
      expect(entries(payloadLeasesDirectory(rig.stateRoot))).toEqual([]);
    },
  );
});
