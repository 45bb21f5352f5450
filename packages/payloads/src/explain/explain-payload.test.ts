import {
  systemClock,
  type Outcome,
  type PayloadExplanation,
  type PreparePayloadRequest,
} from '@pikaci/model';
import { payloadLayout } from '@pikaci/paths';
import {
  createPayloadRig,
  prepared,
  shellBuildRuntimes,
  treeState,
  type PayloadRig,
} from '@pikaci/testkit';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectGarbage, createPayloadStore } from '../index.js';
import { compareKeyInputs } from './compare-key-inputs.js';
import { explainPayload } from './explain-payload.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
  rig.write('in', 'one');
});
afterEach(() => rig.remove());

const payload = { kind: 'command', run: 'cp in "$PIKACI_OUTPUT/x"', inputs: ['in'], mounts: [] };

async function build(request: PreparePayloadRequest): Promise<string> {
  const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
  const { contentKey } = prepared(await store.prepare(request));
  await store.close();
  return contentKey;
}
const outcomeOf = (request: PreparePayloadRequest): Promise<Outcome<PayloadExplanation>> =>
  explainPayload({ ...request, stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });

/** The explanation; nothing on the disk is changed by it. */
async function explained(request = rig.request(payload)): Promise<PayloadExplanation> {
  const before = existsSync(rig.stateRoot) ? treeState(rig.stateRoot) : null;
  const outcome = await outcomeOf(request);
  expect(existsSync(rig.stateRoot) ? treeState(rig.stateRoot) : null).toEqual(before);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}
const collect = () =>
  collectGarbage({
    stateRoot: rig.stateRoot,
    limits: { maxSizeBytes: 0, minFreeBytes: null, maxAgeSeconds: null },
    dryRun: false,
    clock: systemClock,
  });

describe('the explanation of a payload', () => {
  it('says that nothing is known of one that was never built, and that a run finds one that was', async () => {
    expect(await explained()).toMatchObject({ expectation: 'new', comparedWith: null });
    const key = await build(rig.request(payload));
    expect(await explained()).toMatchObject({ expectation: 'hit', contentKey: key, changes: [] });
  });

  it('names the inputs that changed since the latest one of this id', async () => {
    const key = await build(rig.request(payload));
    rig.write('in', 'two');
    const other = { ...payload, env: { MODE: 'fast' } };
    const explanation = await explained(rig.request(other));
    expect(explanation).toMatchObject({
      expectation: 'changed',
      comparedWith: { contentKey: key, removed: null },
    });
    expect(
      explanation.changes?.map(({ name, before, after }) => [
        name,
        before === null,
        after === null,
      ]),
    ).toEqual([
      ['env MODE', true, false],
      ['file in', false, false],
    ]);
    expect(await build(rig.request(other))).toBe(explanation.contentKey);
  });

  it('names a dependency whose key is another', async () => {
    const dependency = (contentKey: string) =>
      rig.request(payload, {
        dependencies: [{ payloadId: 'tools', contentKey } as never],
      });
    await build(dependency('a'));
    expect((await explained(dependency('b'))).changes).toEqual([
      { name: 'dependency 1', before: 'tools a', after: 'tools b' },
    ]);
  });

  it('tells a removal from a change, also when both have happened', async () => {
    const key = await build(rig.request(payload));
    await collect();
    const removed = { reason: 'too much in the store' };
    expect(await explained()).toMatchObject({
      expectation: 'removed',
      comparedWith: { contentKey: key, removed },
    });
    rig.write('in', 'two');
    expect(await explained()).toMatchObject({
      expectation: 'changed',
      comparedWith: { contentKey: key, removed },
      changes: [{ name: 'file in' }],
    });
    rig.write('in', 'one');
    await build(rig.request(payload));
    expect(await explained()).toMatchObject({ expectation: 'hit' });
  });

  it('says so when what went into the other key is not known', async () => {
    const key = await build(rig.request(payload));
    rmSync(payloadLayout(rig.stateRoot, key).keyInputsFile);
    rig.write('in', 'two');
    expect(await explained()).toMatchObject({ expectation: 'changed', changes: null });
  });

  it('tells an output that has vanished', async () => {
    const { recordFile } = payloadLayout(rig.stateRoot, await build(rig.request(payload)));
    const record = JSON.parse(readFileSync(recordFile, 'utf8')) as object;
    writeFileSync(recordFile, JSON.stringify({ ...record, external_path: '/no/such' }));
    expect(await explained()).toMatchObject({ expectation: 'vanished' });
  });

  it('fails as a run would when the payload is damaged', async () => {
    const request = rig.request(payload);
    writeFileSync(payloadLayout(rig.stateRoot, await build(request)).recordFile, '');
    const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
    const refused = await store.prepare(request);
    expect(refused).toMatchObject({ ok: false, error: { kind: 'infrastructure' } });
    expect(await outcomeOf(request)).toEqual(refused);
  });

  it('fails as a run would when the payload cannot be identified', async () => {
    const request = rig.request({ ...payload, inputs: ['nothing'] });
    expect(await outcomeOf(request)).toMatchObject({ ok: false, error: { kind: 'payload' } });
  });
});

it('compares inputs by their names, in the order of the new ones', () => {
  const inputs = (values: Record<string, string>) =>
    Object.entries(values).map(([name, value]) => ({ name, value }));
  expect(
    compareKeyInputs(inputs({ a: '1', b: '1', c: '1' }), inputs({ d: '1', b: '2', c: '1' })),
  ).toEqual([
    { name: 'd', before: null, after: '1' },
    { name: 'b', before: '1', after: '2' },
    { name: 'a', before: '1', after: null },
  ]);
});
