import { createPayloadRig, prepared, type PayloadRig } from '@pikaci/testkit';
import { payloadRecordCodec, type Failure, type PreparePayloadRequest } from '@pikaci/model';
import { payloadsDirectory } from '@pikaci/paths';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPayloadStore } from '../index.js';
import { createStagingDirectory } from '@pikaci/host';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

const store = (environment: NodeJS.ProcessEnv = process.env) =>
  createPayloadStore({ stateRoot: rig.stateRoot, environment });
const stored = () => readdirSync(payloadsDirectory(rig.stateRoot)).sort();
const command = (run: string, more: object = {}) => ({ kind: 'command', run, mounts: [], ...more });
const prepare = async (payload: object, overrides?: Partial<PreparePayloadRequest>) =>
  prepared(await store().prepare(rig.request(payload, overrides)));

async function failureOf(request: PreparePayloadRequest): Promise<Failure> {
  const outcome = await store().prepare(request);
  if (outcome.ok) throw new Error('the payload was prepared');
  return outcome.error;
}

describe('preparing a payload of a command', () => {
  it('builds it from its inputs alone, stores it by its key, and finds it the next time', async () => {
    rig.write('src/in', 'content', 0o755);
    rig.write('other', 'undeclared');
    const payload = command('find . -type f > found; test -x src/in; mkdir out; mv found out/', {
      inputs: ['src/*'],
      output: 'out',
      mounts: [{ name: 'out', guestPath: '/opt/out' }],
    });
    const first = await prepare(payload);
    expect(first).toMatchObject({ payloadId: 'example', devicePrefix: 'example', reused: false });
    expect(readFileSync(join(first.storePath, 'found'), 'utf8').split('\n').sort()).toEqual([
      '',
      './found',
      './src/in',
    ]);
    expect(stored()).toEqual([first.contentKey]);
    const again = await prepare(payload, { payloadId: 'renamed', devicePrefix: 'other' });
    expect(again).toEqual({
      ...first,
      payloadId: 'renamed',
      devicePrefix: 'other',
      reused: true,
    });
    expect(rig.log()).toContain('[pikaci] building payload "example"');
    expect(rig.log()).toContain('[pikaci] payload "renamed" is in the store');
  });

  it('records what went into the key, and no value of a variable', async () => {
    rig.write('in', 'content');
    const payload = await prepare(
      command('echo "$SECRET" > "$PIKACI_OUTPUT/x"', {
        inputs: ['in'],
        env: { SECRET: 'sesame-open' },
        mounts: [{ name: 'x', path: 'x', workspacePath: 'x' }],
      }),
    );
    const file = join(dirname(payload.storePath), 'payload.json');
    const text = readFileSync(file, 'utf8');
    const record = payloadRecordCodec.decode(JSON.parse(text), file);
    expect(text).not.toContain('sesame-open');
    expect(record).toMatchObject({
      ok: true,
      value: { contentKey: payload.contentKey, manifestSource: 'configuration', fileCount: 1 },
    });
    expect(record.ok && record.value.keyInputs.map(({ name }) => name)).toEqual([
      'builder',
      'platform',
      'kind',
      'mounts',
      'run',
      'env SECRET',
      'file in',
    ]);
    expect(existsSync(join(payload.storePath, 'share'))).toBe(false);
    expect(payload.manifest).toMatchObject({ kind: 'command_payload_v1', schemaVersion: 1 });
  });

  it('gives the build a small environment', async () => {
    const environment = {
      ...process.env,
      HTTPS_PROXY: 'http://proxy',
      npm_config_local_prefix: '/workspace',
      npm_config_registry: 'http://registry',
      UNKNOWN: 'x',
      PATH: `${rig.dir}/node_modules/.bin:${process.env['PATH'] ?? ''}`,
    };
    const request = rig.request(
      command('env > "$PIKACI_OUTPUT/env"', { env: { MODE: 'fast', PIKACI_OUTPUT: '/nowhere' } }),
    );
    const payload = prepared(await store(environment).prepare(request));
    const lines = readFileSync(join(payload.storePath, 'env'), 'utf8').split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'CI=true',
        'MODE=fast',
        'HTTPS_PROXY=http://proxy',
        'npm_config_registry=http://registry',
        `PATH=${process.env['PATH'] ?? ''}`,
      ]),
    );
    expect(lines.filter((line) => /^(UNKNOWN|npm_config_local)/.test(line))).toEqual([]);
  });

  it('lets the build see its dependencies, copied to their places', async () => {
    const tools = await prepare(
      command('mkdir "$PIKACI_OUTPUT/bin"; cp tool "$PIKACI_OUTPUT/bin/a-tool"', {
        inputs: ['tool'],
        mounts: [{ name: 'tools', guestPath: '/opt/tools', addToPath: ['bin'] }],
      }),
      (rig.write('tool', '#!/bin/sh\necho tool\n', 0o755), { payloadId: 'tools' }),
    );
    const modules = await prepare(
      command('mkdir -p "$PIKACI_OUTPUT/m/a"; ln -s a "$PIKACI_OUTPUT/m/b"', {
        mounts: [{ name: 'node-modules', path: 'm', workspacePath: 'node_modules' }],
      }),
      { payloadId: 'my-modules' },
    );
    rig.write('node_modules/hidden', 'x');
    const run = [
      'a-tool > "$PIKACI_OUTPUT/x"',
      'ls node_modules >> "$PIKACI_OUTPUT/x"',
      'readlink node_modules/b >> "$PIKACI_OUTPUT/x"',
      'echo "$PIKACI_PAYLOAD_MY_MODULES $PIKACI_MOUNT_NODE_MODULES" >> "$PIKACI_OUTPUT/x"',
      'touch node_modules/a/written',
    ].join(' && ');
    const built = await prepare(command(run, { inputs: ['node_modules/*'] }), {
      dependencies: [tools, modules],
    });
    const [tool, a, b, link, paths] = readFileSync(join(built.storePath, 'x'), 'utf8').split('\n');
    expect([tool, a, b, link]).toEqual(['tool', 'a', 'b', 'a']);
    expect(paths).toMatch(new RegExp(`^${modules.storePath} .*/build/node_modules$`));
    expect(readdirSync(join(modules.storePath, 'm/a'))).toEqual([]);
  });

  it('makes everything readable for all, and keeps links and executable bits', async () => {
    const run =
      'cd "$PIKACI_OUTPUT"; mkdir d; echo > d/f; echo > x; ln -s /nowhere l; chmod 600 d/f; chmod 700 d x';
    const { storePath, sizeBytes } = await prepare(command(run));
    const modes = ['d', 'd/f', 'x'].map((path) => lstatSync(join(storePath, path)).mode & 0o777);
    expect(modes).toEqual([0o755, 0o644, 0o755]);
    expect(lstatSync(join(storePath, 'l')).isSymbolicLink()).toBe(true);
    expect(sizeBytes).toBe(2);
  });

  it('shares no file with the world outside', async () => {
    const outside = join(rig.dir, 'cached');
    writeFileSync(outside, 'x', { mode: 0o600 });
    const run = `cd "$PIKACI_OUTPUT"; ln ${outside} one; ln one two; echo > a; ln a b`;
    const { storePath } = await prepare(command(run));
    expect(lstatSync(outside)).toMatchObject({ nlink: 1 });
    expect(lstatSync(outside).mode & 0o777).toBe(0o600);
    expect(lstatSync(join(storePath, 'one')).mode & 0o777).toBe(0o644);
    expect(readFileSync(join(storePath, 'two'), 'utf8')).toBe('x');
    expect(lstatSync(join(storePath, 'a')).nlink).toBe(2);
  });

  it('builds once when it is asked for twice at the same time', async () => {
    const counter = join(rig.dir, 'counter');
    const gate = join(rig.dir, 'gate');
    const payload = command(
      `echo >> ${counter}; until [ -e ${gate} ]; do sleep 0.02; done; echo > "$PIKACI_OUTPUT/x"`,
    );
    const outcomes = Promise.all([prepare(payload), prepare(payload)]);
    await vi.waitFor(() => expect(rig.log()).toContain('waiting for it'), { timeout: 20_000 });
    writeFileSync(gate, '');
    const [one, two] = await outcomes;
    expect([one.reused, two.reused].sort()).toEqual([false, true]);
    expect(readFileSync(counter, 'utf8')).toBe('\n');
    expect(rig.log().match(/waiting for it/g)).toHaveLength(1);
    expect(stored()).toEqual([one.contentKey]);
  });
});

describe('a payload that cannot be built', () => {
  const cases: readonly [string, object, RegExp, RegExp][] = [
    ['whose command fails', command('echo why; exit 3'), /failed with exit code 3/, /^why$/],
    ['that leaves nothing', command('true'), /left nothing in PIKACI_OUTPUT/, /^null$/],
    ['whose output is missing', command('true', { output: 'o' }), /left no output "o"/, /^null$/],
    ['whose output is a file', command('echo > o', { output: 'o' }), /not a directory/, /^null$/],
    ['whose output leads out', command('ln -s / o', { output: 'o' }), /leads out/, /leads to \/$/],
    ['whose output is outside', command('true', { output: '../o' }), /leads out with/, /^null$/],
    ['with a pipe', command('mkfifo "$PIKACI_OUTPUT/p"'), /entry "p".*refused/, /neither a file/],
    ['with setuid', command('cd "$PIKACI_OUTPUT"; : >s; chmod 4755 s'), /file "s"/, /setuid/],
    ['without inputs', command('true', { inputs: ['x'] }), /"x" of payload "example"/, /no such/],
  ];
  it.each(cases)(
    '%s is a failure that says so, and leaves nothing',
    async (_, payload, message, reason) => {
      const failed = await failureOf(rig.request(payload));
      expect(failed.kind).toBe('payload');
      expect(failed.message).toMatch(message);
      expect(String(failed.reason)).toMatch(reason);
      expect(failed.hint).not.toBeNull();
      if (existsSync(rig.stateRoot)) expect(stored()).toEqual([]);
    },
  );

  it('is ended with all its processes when its time is over', async () => {
    const payload = command('echo begun; sleep 60 & sleep 60', { timeoutSeconds: 1 });
    const failed = await failureOf(rig.request(payload));
    expect(failed).toMatchObject({ kind: 'timeout', reason: 'begun' });
    expect(failed.message).toContain('after 1 s');
    expect(stored()).toEqual([]);
  });

  it('is ended when it is cancelled, and leaves nothing', async () => {
    const abort = new AbortController();
    const request = rig.request(command('echo begun; sleep 60'), {
      signal: abort.signal,
      onLog: (chunk) => {
        if (Buffer.from(chunk).toString().includes('begun\n')) abort.abort();
      },
    });
    expect(await failureOf(request)).toMatchObject({ kind: 'cancelled' });
    expect(stored()).toEqual([]);
    expect(await failureOf({ ...request, onLog: () => undefined })).toMatchObject({
      kind: 'cancelled',
    });
  });

  it('tells the last lines of a long output, and passes all of it on', async () => {
    const failed = await failureOf(rig.request(command('seq 1 9999; exit 1')));
    expect(failed.reason?.split('\n')).toHaveLength(20);
    expect(failed.reason).toMatch(/9999$/);
    expect(rig.log()).toContain('\n1\n2\n3\n');
  });

  it('says that the state root cannot be written', async () => {
    writeFileSync(rig.stateRoot, 'a file');
    const failed = await failureOf(rig.request(command('true')));
    expect(failed.kind).toBe('infrastructure');
    expect(failed.message).toContain(rig.stateRoot);
    expect(failed.hint).toContain('--state-root');
  });
});

describe('the payload store', () => {
  it('clears away what dead builders left, and nothing of living ones', async () => {
    const parent = payloadsDirectory(rig.stateRoot);
    const alive = await createStagingDirectory(parent);
    const dead = spawnSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).stdout.trim();
    mkdirSync(alive.replace(`.staging-${process.pid}-`, `.staging-${dead}-`));
    const { contentKey } = await prepare(command('echo > "$PIKACI_OUTPUT/x"'));
    expect(stored()).toEqual([alive.slice(parent.length + 1), contentKey].sort());
  });

  it('says which payload of it is damaged, and does not build over it', async () => {
    const payload = command('echo > "$PIKACI_OUTPUT/x"');
    const { storePath } = await prepare(payload);
    rmSync(join(dirname(storePath), 'payload.json'));
    const failed = await failureOf(rig.request(payload));
    expect(failed).toMatchObject({ kind: 'infrastructure' });
    expect(failed.message).toContain(dirname(storePath));
    expect(existsSync(join(storePath, 'x'))).toBe(true);
  });
});

describe('a payload that copies a directory', () => {
  const directory = { kind: 'directory', source: 'tool', mounts: [{ name: 't', guestPath: '/t' }] };
  beforeEach(() => {
    mkdirSync(join(rig.dir, 'tool/bin'), { recursive: true });
    writeFileSync(join(rig.dir, 'tool/bin/t'), 'one', { mode: 0o755 });
    symlinkSync('bin/t', join(rig.dir, 'tool/link'));
  });

  it('is built once, relative to the workspace root, until the directory changes', async () => {
    const first = await prepare(directory);
    expect(readdirSync(first.storePath).sort()).toEqual(['bin', 'link']);
    expect(lstatSync(join(first.storePath, 'link')).isSymbolicLink()).toBe(true);
    expect(await prepare(directory)).toEqual({ ...first, reused: true });
    writeFileSync(join(rig.dir, 'tool/bin/t'), 'two');
    const second = await prepare(directory);
    expect(second.reused).toBe(false);
    expect(readFileSync(join(first.storePath, 'bin/t'), 'utf8')).toBe('one');
  });

  it('fails when there is no such directory, or it holds what no payload may', async () => {
    const missing = await failureOf(rig.request({ ...directory, source: '/no/such' }));
    expect(missing.message).toContain('is not a directory: /no/such');
    spawnSync('mkfifo', [join(rig.dir, 'tool/pipe')]);
    const pipe = await failureOf(rig.request(directory));
    expect(pipe).toMatchObject({ kind: 'payload' });
    expect(pipe.message).toContain('"pipe"');
  });
});
