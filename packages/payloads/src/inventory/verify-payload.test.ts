import { payloadLayout } from '@pikaci/paths';
import { createPayloadRig, prepared, shellBuildRuntimes, type PayloadRig } from '@pikaci/testkit';
import type { PayloadVerification } from '@pikaci/model';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore } from '../index.js';
import { listPayloads } from './list-payloads.js';
import { verifyPayload } from './verify-payload.js';

let rig: PayloadRig;
let key: string;
let output: string;
beforeEach(async () => {
  rig = createPayloadRig();
  const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
  const run = 'cd "$PIKACI_OUTPUT"; mkdir d; echo x > d/file; echo y > other; ln -s other link';
  const payload = prepared(await store.prepare(rig.request({ kind: 'command', run, mounts: [] })));
  await store.close();
  key = payload.contentKey;
  output = payload.storePath;
});
afterEach(() => rig.remove());

async function verified(): Promise<PayloadVerification> {
  const { payloads } = await listPayloads(rig.stateRoot);
  const outcome = await verifyPayload(rig.stateRoot, payloads[0]!);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}

const edit = (changes: object) => {
  const { recordFile } = payloadLayout(rig.stateRoot, key);
  const record = JSON.parse(readFileSync(recordFile, 'utf8')) as object;
  writeFileSync(recordFile, JSON.stringify({ ...record, ...changes }));
};

describe('the verification of a payload', () => {
  it('finds a payload sound that nobody has touched', async () => {
    expect(await verified()).toMatchObject({ contentKey: key, verdict: 'ok', reason: null });
  });

  it('names every path on which something differs', async () => {
    writeFileSync(join(output, 'd/file'), 'z');
    chmodSync(join(output, 'other'), 0o600);
    rmSync(join(output, 'link'));
    symlinkSync('d', join(output, 'new\nline'));
    expect(await verified()).toMatchObject({
      verdict: 'damaged',
      differenceCount: 4,
      differences: [
        { path: 'd/file', what: 'changed' },
        { path: 'link', what: 'missing' },
        { path: 'other', what: 'mode changed' },
        { path: '"new\\nline"', what: 'added' },
      ],
    });
  });

  it('counts all paths, and tells the first twenty', async () => {
    for (let n = 0; n < 30; n += 1) writeFileSync(join(output, `f${n}`), '');
    const { differences, differenceCount } = await verified();
    expect([differences.length, differenceCount]).toEqual([20, 30]);
  });

  it('still tells that something differs when the list of entries is gone', async () => {
    rmSync(payloadLayout(rig.stateRoot, key).entriesFile);
    expect(await verified()).toMatchObject({ verdict: 'ok' });
    writeFileSync(join(output, 'd/file'), 'z');
    expect(await verified()).toMatchObject({ verdict: 'damaged', differences: [] });
  });

  it('knows nothing of payloads without a digest, and of outputs that have vanished', async () => {
    edit({ digest: null });
    expect(await verified()).toMatchObject({ verdict: 'unknown' });
    edit({ external_path: '/no/such' });
    expect(await verified()).toMatchObject({ verdict: 'gone' });
  });
});

describe('the list of payloads', () => {
  it('tells directories that are no payloads from those that are', async () => {
    const { dir } = payloadLayout(rig.stateRoot, 'b'.repeat(64));
    mkdirSync(dir);
    const misplaced = payloadLayout(rig.stateRoot, 'c'.repeat(64));
    renameSync(payloadLayout(rig.stateRoot, key).dir, misplaced.dir);
    const { payloads, damaged } = await listPayloads(rig.stateRoot);
    expect(payloads).toEqual([]);
    expect(damaged).toMatchObject([
      { contentKey: 'b'.repeat(64), dir },
      { contentKey: 'c'.repeat(64), reason: 'its record is that of another payload' },
    ]);
    rmSync(misplaced.outputDir, { recursive: true });
  });
});
