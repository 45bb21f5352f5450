import { createPayloadRig, prepared, shellBuildRuntimes, type PayloadRig } from '@pikaci/testkit';
import type { PreparedPayload } from '@pikaci/model';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore } from '../index.js';

let rig: PayloadRig;
let payload: PreparedPayload;
beforeEach(async () => {
  rig = createPayloadRig();
  const request = rig.request({ kind: 'command', run: 'echo > "$PIKACI_OUTPUT/x"', mounts: [] });
  payload = prepared(await store().prepare(request));
});
afterEach(() => rig.remove());

const store = () => createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });

describe('exposing a payload', () => {
  it('links to it, with the directories above, and again over an older link', async () => {
    const path = join(rig.dir, 'job/staged/deep/example');
    expect(await store().expose(payload, path)).toEqual({ ok: true, value: undefined });
    expect(readlinkSync(path)).toBe(payload.storePath);
    const older = join(rig.dir, 'job/staged/dangling');
    symlinkSync('/no/such', older);
    expect((await store().expose(payload, older)).ok).toBe(true);
    expect(readlinkSync(older)).toBe(payload.storePath);
    expect(readdirSync(join(rig.dir, 'job/staged')).sort()).toEqual(['dangling', 'deep']);
  });

  it('leaves a link that leads there already, and makes nothing beside it on the way', async () => {
    const staged = join(rig.dir, 'job/staged');
    const path = join(staged, 'example');
    await store().expose(payload, path);
    const { ino } = lstatSync(path);
    const names = new Set<string>();
    const watcher = watch(staged, (_, name) => {
      if (name !== null) names.add(name);
    });
    await store().expose(payload, path);
    expect(lstatSync(path).ino).toBe(ino);
    await store().expose({ ...payload, storePath: '/elsewhere' }, path);
    await store().expose(payload, path);
    while (!names.has('example')) await new Promise((resolve) => setImmediate(resolve));
    watcher.close();
    expect([...names]).toEqual(['example']);
  });

  it('never replaces a directory or a file', async () => {
    mkdirSync(join(rig.dir, 'job/directory/precious'), { recursive: true });
    mkdirSync(join(rig.dir, 'job/empty'));
    writeFileSync(join(rig.dir, 'job/file'), 'precious');
    for (const name of ['directory', 'empty', 'file']) {
      const outcome = await store().expose(payload, join(rig.dir, 'job', name));
      expect(outcome).toMatchObject({ ok: false, error: { kind: 'infrastructure' } });
      expect(!outcome.ok && outcome.error.hint).toContain('stageAt');
    }
    expect(readdirSync(join(rig.dir, 'job')).sort()).toEqual(['directory', 'empty', 'file']);
    expect(readdirSync(join(rig.dir, 'job/directory'))).toEqual(['precious']);
  });

  it('says what is in the way of the directories above', async () => {
    writeFileSync(join(rig.dir, 'file'), '');
    const outcome = await store().expose(payload, join(rig.dir, 'file/below/example'));
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'infrastructure' } });
  });
});
