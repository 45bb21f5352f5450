import type { PreparedPayload, Result } from '@pikaci/model';
import { payloadsDirectory } from '@pikaci/paths';
import { createPayloadRig, runInChild, type PayloadRig } from '@pikaci/testkit';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChildRequest } from './prepare-in-child.test.helper.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

it('builds a payload once when two processes want it: the other one waits, and says so', async () => {
  const [counter, gate, logFile] = ['counter', 'gate', 'log'].map((name) => join(rig.dir, name));
  const wait = `until [ -e ${gate} ]; do sleep 0.05; done`;
  const run = `echo built >> ${counter}; ${wait}; echo > "$PIKACI_OUTPUT/x"`;
  const request: ChildRequest = {
    stateRoot: rig.stateRoot,
    snapshotDir: rig.snapshotDir,
    payload: { kind: 'command', run, mounts: [] },
    logFile: logFile!,
  };
  const helper = new URL('prepare-in-child.test.helper.ts', import.meta.url);
  const children = [1, 2].map(() => runInChild(helper, 'prepareInChild', request));
  await vi.waitFor(
    () => expect(readFileSync(logFile!, 'utf8')).toMatch(/by process \d+: waiting for it/),
    { timeout: 40_000 },
  );
  writeFileSync(gate!, '');
  const ends = await Promise.all(children);
  expect(ends.map(({ stderr }) => stderr)).toEqual(['', '']);
  const outcomes = ends.map(({ stdout }) => JSON.parse(stdout) as Result<PreparedPayload, never>);
  expect(outcomes.map((outcome) => outcome.ok && outcome.value.reused).sort()).toEqual([
    false,
    true,
  ]);
  expect(readFileSync(counter!, 'utf8')).toBe('built\n');
  expect(readdirSync(payloadsDirectory(rig.stateRoot))).toHaveLength(1);
});
