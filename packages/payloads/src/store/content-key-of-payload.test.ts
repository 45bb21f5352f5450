import {
  createPayloadRig,
  prepared,
  shellBuildRuntime,
  shellBuildRuntimes,
  type PayloadRig,
} from '@pikaci/testkit';
import {
  ok,
  payloadConfigSchema,
  type BuildRuntime,
  type PreparePayloadRequest,
  type RuntimeId,
} from '@pikaci/model';
import { symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builderVersion, contentKey, createPayloadStore } from '../index.js';
import { commonKeyInputs } from '../key/payload-key-inputs.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
  rig.write('a', 'a');
  rig.write('b', 'b');
  rig.write('unrelated', 'u');
});
afterEach(() => rig.remove());

const config = {
  kind: 'command',
  run: 'echo > "$PIKACI_OUTPUT/x"; mkdir -p out; echo > out/x',
  inputs: ['a', 'b'],
  env: { ONE: '1', TWO: '2' },
  mounts: [{ name: 'x', path: 'x', guestPath: '/x' }],
};

async function keyOf(
  change: object = {},
  overrides: Partial<PreparePayloadRequest> = {},
  platform = 'linux-x64',
  runtimes = shellBuildRuntimes,
): Promise<string> {
  const store = createPayloadStore({ stateRoot: rig.stateRoot, platform, runtimes });
  return prepared(await store.prepare(rig.request({ ...config, ...change }, overrides))).contentKey;
}

describe('the content key of a payload', () => {
  it('does not depend on its names, limits, order of inputs and variables, or other files', async () => {
    const key = await keyOf();
    rig.write('unrelated', 'changed');
    expect(await keyOf({ inputs: ['b', 'a', 'a'], env: { TWO: '2', ONE: '1' } })).toBe(key);
    expect(await keyOf({ timeoutSeconds: 5, description: 'd' }, { payloadId: 'other' })).toBe(key);
    expect(await keyOf({}, { devicePrefix: 'other' })).toBe(key);
    expect(await keyOf({ devicePrefix: 'p', stageAt: 's' })).toBe(key);
    expect(await keyOf({ expectKind: 'command_payload_v1' })).toBe(key);
  });

  it('changes with the command, output, variables, mounts, entry points, inputs and the platform', async () => {
    const changes = [
      {},
      { run: `${config.run}; true` },
      { output: 'out' },
      { env: { ONE: '1' } },
      { env: { ONE: '1', TWO: '3' } },
      { env: { ONE: '2', TWO: '1' } },
      { mounts: [] },
      { mounts: [{ name: 'x', path: 'x', guestPath: '/y' }] },
      { mounts: [{ name: 'x', path: 'x', workspacePath: 'x' }] },
      { entrypoints: [{ name: 'x', path: 'x' }] },
      { entrypoints: [{ name: 'y', path: 'x' }] },
      { inputs: ['a'] },
    ];
    const keys = [];
    for (const change of changes) keys.push(await keyOf(change));
    keys.push(await keyOf({}, {}, 'linux-arm64'));
    expect(new Set(keys).size).toBe(changes.length + 1);
  });

  it('changes with the kind of the payload and the version of the builder', async () => {
    const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
    const source = rig.snapshotDir;
    const sha256 = 'a'.repeat(64);
    const asked = [
      { kind: 'directory', source },
      { kind: 'directory', source, immutable: true },
    ];
    const keys = [];
    for (const payload of asked) {
      const outcome = await store.prepare(rig.request({ ...payload, mounts: [] }));
      keys.push(prepared(outcome).contentKey);
    }
    expect(new Set(keys).size).toBe(keys.length);
    const inputsOf = (payload: object) =>
      commonKeyInputs(payloadConfigSchema.parse(payload), [], 'linux-x64');
    const kinds = [
      { kind: 'command', run: 'x' },
      { kind: 'directory', source },
      { kind: 'archive', source, sha256 },
      { kind: 'nix', installable: '.#x' },
    ].map(inputsOf);
    expect(new Set(kinds.map(contentKey)).size).toBe(kinds.length);
    for (const inputs of kinds) {
      expect(inputs).toContainEqual({ name: 'builder', value: builderVersion });
    }
  });

  it('changes with the runtime of the build, and with what that depends on', async () => {
    const inGuest = (image: string) =>
      new Map<RuntimeId, BuildRuntime>([
        [
          'incus',
          shellBuildRuntime({
            id: 'incus',
            identify: () => Promise.resolve(ok([{ name: 'image', value: image }])),
          }),
        ],
      ]);
    const guestKey = (image: string) =>
      keyOf({ runtime: 'incus' }, {}, 'linux-x64', inGuest(image));
    expect(await guestKey('one')).toBe(await guestKey('one'));
    const keys = [await keyOf(), await guestKey('one'), await guestKey('two')];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("changes with an input file's content, executable bit, kind and link target", async () => {
    const keys = [await keyOf()];
    rig.write('a', 'changed');
    keys.push(await keyOf());
    rig.write('a', 'changed', 0o755);
    keys.push(await keyOf());
    for (const target of ['b', 'unrelated']) {
      unlinkSync(join(rig.snapshotDir, 'a'));
      symlinkSync(target, join(rig.snapshotDir, 'a'));
      keys.push(await keyOf());
    }
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('changes with its dependencies and their order', async () => {
    const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
    const dependency = async (payloadId: string) =>
      prepared(
        await store.prepare(
          rig.request(
            { kind: 'command', run: `echo ${payloadId} > "$PIKACI_OUTPUT/x"`, mounts: [] },
            { payloadId },
          ),
        ),
      );
    const [one, two] = [await dependency('one'), await dependency('two')];
    const lists = [[], [one], [two], [one, two], [two, one]];
    const keys = [];
    for (const dependencies of lists) keys.push(await keyOf({}, { dependencies }));
    expect(new Set(keys).size).toBe(lists.length);
  });
});
