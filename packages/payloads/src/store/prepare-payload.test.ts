import {
  createPayloadRig,
  prepared,
  shellBuildRuntime,
  shellBuildRuntimes,
  type PayloadRig,
} from '@pikaci/testkit';
import {
  ok,
  payloadRecordCodec,
  type BuildCommand,
  type BuildEnd,
  type BuildRuntime,
  type Failure,
  type PreparePayloadRequest,
  type RuntimeId,
} from '@pikaci/model';
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
import { readKeyInputs } from './key-inputs-file.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

const store = (runtimes = shellBuildRuntimes) =>
  createPayloadStore({ stateRoot: rig.stateRoot, runtimes });
const ending = (end: Partial<BuildEnd>, print = '') =>
  new Map<RuntimeId, BuildRuntime>([
    [
      'process',
      shellBuildRuntime({
        run: ({ onOutput }) => {
          onOutput(Buffer.from(print));
          return Promise.resolve(ok({ ending: 'exited', exitCode: null, signal: null, ...end }));
        },
      }),
    ],
  ]);
const stored = () => readdirSync(payloadsDirectory(rig.stateRoot)).sort();
const command = (run: string, more: object = {}) => ({ kind: 'command', run, mounts: [], ...more });
const prepare = async (payload: object, overrides?: Partial<PreparePayloadRequest>) =>
  prepared(await store().prepare(rig.request(payload, overrides)));

async function failureOf(
  request: PreparePayloadRequest,
  runtimes = shellBuildRuntimes,
): Promise<Failure> {
  const outcome = await store(runtimes).prepare(request);
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

  it('records how long a build took, and tells it whenever the payload is reused', async () => {
    let nowMs = 0;
    const clock = { now: () => new Date(0), monotonicMs: () => nowMs };
    const timed = createPayloadStore({
      stateRoot: rig.stateRoot,
      runtimes: shellBuildRuntimes,
      clock,
      onStep: (step) => {
        if (step === 'built') nowMs += 3200.4;
        return Promise.resolve();
      },
    });
    const request = rig.request(command('echo x > "$PIKACI_OUTPUT/x"'));
    const built = prepared(await timed.prepare(request));
    expect(built).toMatchObject({ reused: false, buildMs: 3200 });
    nowMs += 99_000;
    expect(prepared(await timed.prepare(request))).toMatchObject({ reused: true, buildMs: 3200 });
    const file = join(dirname(built.storePath), 'payload.json');
    const { build_ms: buildMs, ...old } = JSON.parse(readFileSync(file, 'utf8')) as object & {
      build_ms: number;
    };
    expect(buildMs).toBe(3200);
    // As earlier versions have written it.
    writeFileSync(file, JSON.stringify(old));
    expect(prepared(await timed.prepare(request))).toMatchObject({ reused: true, buildMs: null });
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
    const inputs = await readKeyInputs(rig.stateRoot, payload.contentKey);
    expect(JSON.stringify(inputs)).not.toContain('sesame-open');
    expect(inputs.ok && inputs.value.map(({ name }) => name)).toEqual([
      'builder',
      'platform',
      'kind',
      'mounts',
      'run',
      'runtime',
      'env SECRET',
      'file in',
    ]);
    expect(existsSync(join(payload.storePath, 'share'))).toBe(false);
    expect(payload.manifest).toMatchObject({ kind: 'command_payload_v1', schemaVersion: 1 });
  });

  it('hands the build with all it needs to the runtime that the payload names', async () => {
    const builds: BuildCommand[] = [];
    const runtime = shellBuildRuntime({
      id: 'incus',
      run: (build) => (builds.push(build), shellBuildRuntime().run(build)),
    });
    const tools = await prepare(command('echo > "$PIKACI_OUTPUT/x"'), { payloadId: 'tools' });
    const payload = command('echo "$MODE" > "$PIKACI_OUTPUT/x"', {
      runtime: 'incus',
      env: { MODE: 'fast' },
      timeoutSeconds: 9,
    });
    const request = rig.request(payload, { dependencies: [tools] });
    const outcome = await store(new Map([['incus', runtime]])).prepare(request);
    expect(readFileSync(join(prepared(outcome).storePath, 'x'), 'utf8')).toBe('fast\n');
    expect(builds).toMatchObject([
      {
        payloadId: 'example',
        run: payload.run,
        workspaceRoot: rig.dir,
        env: { MODE: 'fast' },
        dependencies: [tools],
        timeoutSeconds: 9,
        signal: request.signal,
      },
    ]);
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

  it('says after how long it was ended when its time was over', async () => {
    const request = rig.request(command('true', { timeoutSeconds: 7 }));
    const failed = await failureOf(request, ending({ ending: 'timed-out' }, 'begun\n'));
    expect(failed).toMatchObject({ kind: 'timeout', reason: 'begun' });
    expect(failed.message).toContain('after 7 s');
    expect(stored()).toEqual([]);
  });

  it('is no failure of its own when it was cancelled', async () => {
    const request = rig.request(command('true'));
    const failed = await failureOf(request, ending({ ending: 'cancelled' }));
    expect(failed).toMatchObject({ kind: 'cancelled' });
    expect(stored()).toEqual([]);
    const aborted = rig.request(command('true'), { signal: AbortSignal.abort() });
    expect(await failureOf(aborted)).toMatchObject({ kind: 'cancelled' });
  });

  it('names the signal that ended its command', async () => {
    const failed = await failureOf(rig.request(command('true')), ending({ signal: 'SIGSEGV' }));
    expect(failed).toMatchObject({ kind: 'payload', reason: 'it printed nothing' });
    expect(failed.message).toContain('failed with SIGSEGV');
  });

  it('names the runtime that it should be built in and that is not set up', async () => {
    const failed = await failureOf(rig.request(command('true', { runtime: 'incus' })));
    expect(failed.kind).toBe('config');
    expect(failed.message).toMatch(/"example" is built in the runtime "incus", which is not set/);
    expect(failed.hint).toContain('runtimes.incus');
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
