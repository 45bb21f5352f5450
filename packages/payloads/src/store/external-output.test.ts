import { ok, payloadRecordCodec, systemClock } from '@pikaci/model';
import { payloadLayout, payloadsDirectory } from '@pikaci/paths';
import { createPayloadRig, prepared, treeState, type PayloadRig } from '@pikaci/testkit';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore, treeDigest } from '../index.js';
import { createPayloadLog } from '../payload-log.js';
import { buildPayload } from './build-payload.js';
import { findPayload } from './find-payload.js';

let rig: PayloadRig;
let outside: string;
beforeEach(() => {
  rig = createPayloadRig();
  outside = join(rig.dir, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'file'), 'x');
  chmodSync(join(outside, 'file'), 0o600);
  symlinkSync('outside', join(rig.dir, 'result'));
});
afterEach(() => rig.remove());

const names = { payloadId: 'example', devicePrefix: 'example' };
const contentKey = 'e'.repeat(64);

/** Builds a payload whose build says where its output is. */
function build(externalPath: string) {
  const request = rig.request({ kind: 'directory', source: '/', mounts: [] });
  return buildPayload({
    request,
    identified: {
      keyInputs: [],
      snapshotInputs: null,
      build: () => Promise.resolve(ok({ externalPath })),
    },
    keyInputs: [],
    contentKey,
    stateRoot: rig.stateRoot,
    clock: systemClock,
    log: createPayloadLog(request.onLog),
    onStep: () => undefined,
  });
}

describe('a payload whose output is used where it is', () => {
  it('leaves the output as it is, and keeps nothing of it but what is known of it', async () => {
    const before = treeState(outside);
    const payload = prepared(await build(join(rig.dir, 'result')));
    expect(payload.storePath).toBe(realpathSync(outside));
    expect(treeState(outside)).toEqual(before);
    const { dir, recordFile } = payloadLayout(rig.stateRoot, contentKey);
    expect(readdirSync(dir).sort()).toEqual(['entries.gz', 'key-inputs.jsonl', 'payload.json']);
    const record = JSON.parse(readFileSync(recordFile, 'utf8')) as object;
    expect(record).toMatchObject({
      external_path: join(rig.dir, 'result'),
      digest: await treeDigest(outside),
      size_bytes: 1,
      file_count: 1,
    });
    const found = await findPayload(rig.stateRoot, contentKey, names);
    expect(found).toEqual(ok({ kind: 'whole', payload: { ...payload, reused: true } }));
  });

  it('is built again over the record that is left when the output has vanished', async () => {
    prepared(await build(outside));
    rmSync(outside, { recursive: true });
    const found = await findPayload(rig.stateRoot, contentKey, names);
    expect(found).toEqual(ok({ kind: 'vanished', externalPath: outside }));
    mkdirSync(outside);
    prepared(await build(outside));
    expect(readdirSync(payloadsDirectory(rig.stateRoot))).toEqual([contentKey]);
  });

  it('is refused when it holds what no payload may, or is not there', async () => {
    expect(await build('/no/such')).toMatchObject({
      ok: false,
      error: { kind: 'payload', location: { file: '/no/such' } },
    });
    spawnSync('mkfifo', [join(outside, 'pipe')]);
    expect(await build(outside)).toMatchObject({ ok: false, error: { kind: 'payload' } });
    expect(readdirSync(payloadsDirectory(rig.stateRoot))).toEqual([]);
  });

  it('is a miss with a line in the log, and no failure, when it has vanished since', async () => {
    const store = createPayloadStore({ stateRoot: rig.stateRoot });
    const request = rig.request({ kind: 'directory', source: outside, mounts: [] });
    const first = prepared(await store.prepare(request));
    const { recordFile } = payloadLayout(rig.stateRoot, first.contentKey);
    const record = payloadRecordCodec.decode(
      JSON.parse(readFileSync(recordFile, 'utf8')),
      recordFile,
    );
    if (!record.ok) throw new Error(record.error.message);
    const gone = payloadRecordCodec.encode({ ...record.value, externalPath: '/nix/store/no-such' });
    writeFileSync(recordFile, JSON.stringify(gone));
    const again = prepared(await store.prepare(request));
    // It was built anew, in a time of its own.
    expect({ ...again, buildMs: first.buildMs }).toEqual(first);
    expect(rig.log()).toContain('[pikaci] payload "example" is gone from /nix/store/no-such\n');
    expect(prepared(await store.prepare(request)).reused).toBe(true);
  });
});
