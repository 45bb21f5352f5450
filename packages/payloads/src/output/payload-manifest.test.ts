import { payloadManifestRelativePath } from '@pikaci/model';
import { createPayloadRig, prepared, type PayloadRig, shellBuildRuntimes } from '@pikaci/testkit';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore } from '../index.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

const entry = { name: 'deps', relative_path: 'deps', guest_path: '/opt/deps', read_only: true };
const base = { schema_version: 1, kind: 'deps_v1', mounts: [entry] };

/** A build that makes some files and links, and writes this text as its manifest. */
const build = (manifest: unknown, script = 'true') => {
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  rig.write('manifest.json', text);
  return rig.request({
    kind: 'command',
    inputs: ['manifest.json'],
    run: `mkdir -p "$PIKACI_OUTPUT/deps" "$PIKACI_OUTPUT/share/pikaci"
      echo > "$PIKACI_OUTPUT/deps/file"
      cp manifest.json "$PIKACI_OUTPUT/${payloadManifestRelativePath}"
      cd "$PIKACI_OUTPUT" && ${script}`,
  });
};

async function refusalOf(manifest: unknown, script?: string): Promise<string> {
  const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
  const outcome = await store.prepare(build(manifest, script));
  if (outcome.ok) throw new Error('the payload was prepared');
  expect(outcome.error.kind).toBe('payload');
  expect(outcome.error.message).toContain('payload "example"');
  expect(outcome.error.hint).not.toBeNull();
  expect(readdirSync(join(rig.stateRoot, 'cache/payloads'))).toEqual([]);
  return `${outcome.error.message}: ${outcome.error.reason}`;
}

const mount = (change: object) => ({ ...base, mounts: [{ ...entry, ...change }] });
const two = (one: object, other: object) => ({
  ...base,
  mounts: [
    { ...entry, ...one },
    { ...entry, name: 'other', guest_path: '/opt/other', ...other },
  ],
});
const inTree = (path: string) => ({ guest_path: null, workspace_path: path });

/** Each refusal with the words that tell it from the others. */
const refusals: readonly [string, unknown, string][] = [
  ['is no JSON', '{"schema_version": 1,', 'it is no JSON'],
  ['is of another version', { schema_version: 2, other: 'form' }, 'its schema version is 2'],
  ['has no version', { kind: 'x' }, 'schema_version: expected number'],
  ['has no kind', { ...base, kind: ' ' }, 'its kind is empty'],
  ['has a mount without a name', mount({ name: '' }), 'a mount has an empty name'],
  ['has two mounts of one name', two({}, { name: 'deps' }), 'two mounts have the name "deps"'],
  [
    'has an absolute relative_path',
    mount({ relative_path: '/etc' }),
    '"/etc" of mount "deps" is absolute',
  ],
  ['has a relative_path with ".."', mount({ relative_path: 'deps/../..' }), 'leads out with ".."'],
  ['has a relative_path of a missing file', mount({ relative_path: 'no' }), 'does not exist'],
  [
    'has a relative guest_path',
    mount({ guest_path: 'opt' }),
    '"opt" of mount "deps" is not absolute',
  ],
  [
    'has a guest_path that is not normalised',
    mount({ guest_path: '/opt//x' }),
    'is not normalised',
  ],
  ['has a guest_path with ".."', mount({ guest_path: '/opt/../etc' }), '"/opt/../etc" of mount'],
  ['mounts over the root', mount({ guest_path: '/' }), 'is the root directory'],
  ['mounts under /proc', mount({ guest_path: '/proc/x' }), 'lies under /proc'],
  ['mounts at /sys', mount({ guest_path: '/sys' }), 'lies under /sys'],
  ['mounts under /dev', mount({ guest_path: '/dev/shm' }), 'lies under /dev'],
  [
    'mounts under the contract',
    mount({ guest_path: '/run/pika-cloud/x' }),
    '/run/pika-cloud, which',
  ],
  ['mounts over the contract', mount({ guest_path: '/run' }), 'collides with /run/pika-cloud'],
  ['shares a guest_path', two({}, { guest_path: '/opt/deps' }), 'share the guest path /opt/deps'],
  ['nests guest paths', two({}, { guest_path: '/opt/deps/x' }), 'nested guest paths'],
  ['shares a workspace_path', two(inTree('a'), inTree('a')), 'share the workspace path a'],
  ['nests workspace paths', two(inTree('a/b'), inTree('a')), 'nested workspace paths'],
  [
    'has a workspace_path that leads out',
    mount(inTree('../x')),
    '"../x" of mount "deps" leads out',
  ],
  ['hides the whole tree', mount(inTree('.')), 'would hide the whole working tree'],
  ['has a mount with both paths', mount({ workspace_path: 'a' }), 'needs exactly one of'],
  ['has a mount that may be written', mount({ read_only: false }), 'is not read-only'],
  [
    'has an entrypoint that is missing',
    { ...base, entrypoints: [{ name: 'run', relative_path: 'bin/run' }] },
    '"bin/run" of entrypoint "run" does not exist',
  ],
];

describe('a manifest that a build wrote', () => {
  it('declares the mounts of the payload', async () => {
    const entrypoints = [{ name: 'e', relative_path: 'deps/file' }];
    const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
    const payload = prepared(await store.prepare(build({ ...base, entrypoints })));
    expect(payload.manifest).toEqual({
      schemaVersion: 1,
      kind: 'deps_v1',
      entrypoints: [{ name: 'e', relativePath: 'deps/file' }],
      assetRoots: [],
      mounts: [
        {
          name: 'deps',
          relativePath: 'deps',
          guestPath: '/opt/deps',
          workspacePath: null,
          readOnly: true,
          addToPath: [],
        },
      ],
    });
    expect(existsSync(join(payload.storePath, payloadManifestRelativePath))).toBe(true);
  });

  it.each(refusals)('is refused when it %s', async (_, manifest, words) => {
    expect(await refusalOf(manifest)).toContain(words);
  });

  it('has a message of its own for each refusal', () => {
    const words = refusals.map(([, , text]) => text);
    expect(new Set(words).size).toBe(words.length);
  });

  it.each([
    ['an absolute link', 'ln -s /etc out'],
    ['a relative link', 'ln -s ../../.. out'],
    ['a chain of links', 'ln -s a out; ln -s deps/b a; ln -s /etc deps/b'],
    [
      'a link to a sibling whose name begins like the root',
      'mkdir ../output-2; ln -s ../output-2 out',
    ],
    ['a link on the way', 'ln -s / top; ln -s top/etc out'],
  ])('is refused when a mount leaves the payload through %s', async (_, script) => {
    const words = 'the relative_path "out" of mount "deps" leaves the payload through a link';
    expect(await refusalOf(mount({ relative_path: 'out' }), script)).toContain(words);
  });

  it('is refused when a mount is a loop of links, or a dangling one', async () => {
    const loop = await refusalOf(mount({ relative_path: 'a' }), 'ln -s a b; ln -s b a');
    expect(loop).toContain('is a loop of links');
    expect(await refusalOf(mount({ relative_path: 'a' }), 'ln -s no a')).toContain(
      'does not exist',
    );
  });

  it('may name an entrypoint that is a link to anywhere: the guest follows it, the host does not', async () => {
    const entrypoints = [{ name: 'sh', relative_path: 'sh' }];
    const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
    const outcome = await store.prepare(build({ ...base, entrypoints }, 'ln -s /bin/sh sh'));
    expect(prepared(outcome).manifest.entrypoints).toEqual([{ name: 'sh', relativePath: 'sh' }]);
  });

  it('is refused when it is itself a link that leads out', async () => {
    const script = `cp manifest.json /dev/null 2>&1; mv ${payloadManifestRelativePath} ../m.json;
      ln -s ../../../m.json ${payloadManifestRelativePath}`;
    expect(await refusalOf(base, script)).toContain('a link leads out of the payload');
  });

  it('has the kind that the configuration expects, also when it is in the store', async () => {
    const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
    const expecting = (expectKind?: string) => {
      const request = build(base);
      const expected = expectKind === undefined ? {} : { expectKind };
      return store.prepare({ ...request, payload: { ...request.payload, ...expected } });
    };
    const refused = {
      ok: false,
      error: {
        kind: 'payload',
        message: 'Payload "example" is of another kind than expected',
        reason: 'its manifest has the kind "deps_v1", and expectKind is "deps_v2"',
      },
    };
    expect(await expecting('deps_v2')).toMatchObject(refused);
    expect(readdirSync(join(rig.stateRoot, 'cache/payloads'))).toEqual([]);
    const first = prepared(await expecting('deps_v1'));
    expect(prepared(await expecting())).toEqual({ ...first, reused: true });
    expect(await expecting('deps_v2')).toMatchObject(refused);
    expect(prepared(await expecting('deps_v1')).reused).toBe(true);
  });

  it('may name what a link inside the payload leads to, and links elsewhere are kept', async () => {
    const script = 'ln -s deps in; ln -s /etc/passwd deps/data';
    const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
    const request = build(mount({ relative_path: 'in' }), script);
    const payload = prepared(await store.prepare(request));
    expect(readdirSync(join(payload.storePath, 'deps')).sort()).toEqual(['data', 'file']);
  });
});

describe('mounts of the configuration', () => {
  const request = (mounts: unknown) =>
    rig.request({
      kind: 'command',
      run: 'mkdir "$PIKACI_OUTPUT/d"; ln -s / "$PIKACI_OUTPUT/l"',
      mounts,
    });
  const message = async (mounts: unknown) => {
    const outcome = await createPayloadStore({
      stateRoot: rig.stateRoot,
      runtimes: shellBuildRuntimes,
    }).prepare(request(mounts));
    return outcome.ok ? '' : outcome.error.message;
  };

  it('are checked in the same way', async () => {
    expect(await message([{ name: 'x', path: 'no', guestPath: '/x' }])).toContain('does not exist');
    expect(await message([{ name: 'x', path: 'l', guestPath: '/x' }])).toContain(
      'leaves the payload',
    );
    expect(await message([{ name: 'x', path: 'd', guestPath: '/proc' }])).toContain('/proc');
    expect(await message([{ name: 'x', path: 'd', guestPath: '/x' }])).toBe('');
  });

  it('are joined by the entry points of the configuration, each in one of them', async () => {
    const prepare = (entrypoints: object[]) =>
      createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes }).prepare(
        rig.request({
          kind: 'command',
          run: 'mkdir "$PIKACI_OUTPUT/d" "$PIKACI_OUTPUT/e"; touch "$PIKACI_OUTPUT/d/say" "$PIKACI_OUTPUT/e/x"',
          mounts: [{ name: 'x', path: 'd', guestPath: '/x' }],
          entrypoints,
        }),
      );
    const say = { name: 'say', path: 'd/say' };
    expect(prepared(await prepare([say])).manifest.entrypoints).toEqual([
      { name: 'say', relativePath: 'd/say' },
    ]);
    const refused = async (entrypoint: object) => {
      const outcome = await prepare([entrypoint]);
      return outcome.ok ? '' : outcome.error.message;
    };
    expect(await refused({ name: 'no', path: 'd/no' })).toContain('does not exist');
    expect(await refused({ name: 'e', path: 'e/x' })).toContain(
      'the relative_path "e/x" of entrypoint "e" lies in none of the mounts',
    );
    expect(await refused({ name: 'out', path: '../x' })).toContain('leads out');
  });

  it('are asked for when the build declares none either', async () => {
    expect(await message(undefined)).toContain('Nothing says what of payload "example" is mounted');
  });
});
