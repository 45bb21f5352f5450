import { createPayloadRig, prepared, type PayloadRig } from '@pikaci/testkit';
import type { PreparePayloadRequest } from '@pikaci/model';
import { payloadsDirectory } from '@pikaci/paths';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore } from '../index.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
  mkdirSync(join(rig.dir, 'tool/bin'), { recursive: true });
  writeFileSync(join(rig.dir, 'tool/bin/t'), 'one');
});
afterEach(() => rig.remove());

const prepare = (more: object = {}, overrides: Partial<PreparePayloadRequest> = {}) => {
  const store = createPayloadStore({ stateRoot: rig.stateRoot });
  const payload = { kind: 'directory', source: 'tool', mounts: [], ...more };
  return store.prepare(rig.request(payload, overrides));
};
const immutable = { immutable: true };

describe('a payload of an immutable directory', () => {
  it('is known by its path alone: nothing of the directory is looked at once it is copied', async () => {
    const first = prepared(await prepare(immutable));
    expect(readFileSync(join(first.storePath, 'bin/t'), 'utf8')).toBe('one');
    writeFileSync(join(rig.dir, 'tool/bin/t'), 'two');
    expect(prepared(await prepare(immutable))).toEqual({ ...first, reused: true });
    rmSync(join(rig.dir, 'tool'), { recursive: true });
    expect(prepared(await prepare(immutable))).toEqual({ ...first, reused: true });
    const absolute = { ...immutable, source: join(rig.dir, 'bin/../tool') };
    expect(prepared(await prepare(absolute)).reused).toBe(true);
  });

  it('is another one at another path, and than one that may change', async () => {
    mkdirSync(join(rig.dir, 'other'));
    writeFileSync(join(rig.dir, 'other/t'), '');
    const asked = [immutable, { ...immutable, source: 'other' }, {}];
    const keys = [];
    for (const more of asked) keys.push(prepared(await prepare(more)).contentKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('fails when it has to be copied and is not there', async () => {
    const missing = await prepare({ ...immutable, source: 'no' });
    expect(missing).toMatchObject({ ok: false, error: { reason: 'there is no such path' } });
    expect(readdirSync(payloadsDirectory(rig.stateRoot))).toEqual([]);
  });
});

it('refuses a directory that changes between the look at it and the end of its copy', async () => {
  const onLog = (chunk: Uint8Array) => {
    if (Buffer.from(chunk).includes('building')) writeFileSync(join(rig.dir, 'tool/new'), '');
  };
  const changed = await prepare({}, { onLog });
  expect(changed).toMatchObject({ ok: false, error: { kind: 'payload' } });
  expect(!changed.ok && changed.error.message).toContain('changed while it was copied');
  expect(readdirSync(payloadsDirectory(rig.stateRoot))).toEqual([]);
});

it.each([
  ['the workspace with the state root in it', (rig: PayloadRig) => rig.dir],
  ['the state root', (rig: PayloadRig) => rig.stateRoot],
])('refuses %s, which cannot be copied into itself', async (_, source) => {
  mkdirSync(payloadsDirectory(rig.stateRoot), { recursive: true });
  for (const more of [{}, immutable]) {
    const refused = await prepare({ ...more, source: source(rig) });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        kind: 'payload',
        reason: 'the store of payloads lies in it',
        hint: expect.stringContaining('--state-root') as string,
      },
    });
    expect(readdirSync(payloadsDirectory(rig.stateRoot))).toEqual([]);
  }
});
