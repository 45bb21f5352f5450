import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guestResultCodec, guestStatusCodec, LogPieces } from '@pikaci/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobRig, type JobRig } from './job-rig.test.helper.js';

let rig: JobRig;
beforeEach(() => {
  rig = createJobRig({ namespaces: 'never' });
});
afterEach(() => rig.remove());

const artifact = (name: string): string => join(rig.artifactsDir, name);
const json = (name: string): unknown => JSON.parse(readFileSync(artifact(name), 'utf8'));

/** False also for a dead process that nobody has collected yet. */
function isRunning(pid: number): boolean {
  expect(pid).toBeGreaterThan(0);
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

describe('a job whose tree is copied', () => {
  it('says so in one line, and why', async () => {
    await rig.run('true');
    expect(rig.log).toEqual([
      'copying the workspace and its payloads instead of mounting them: private mounts are switched off',
    ]);
  });

  it('says which settings only instances have', async () => {
    await rig.run('true', { user: '7', limits: { cpu: 2, memory: '1GiB' } });
    expect(rig.log.slice(0, 2)).toEqual([
      'user 7 is left aside: a process runs as the user pikaci runs as',
      'limits (cpu, memory) are left aside: only instances have limits',
    ]);
  });

  it('is not run with a network when it wants none', async () => {
    const outcome = await rig.run('touch "$PIKACI_ARTIFACTS/ran"', { network: 'none' });
    expect(outcome).toMatchObject({
      verdict: 'failed',
      failure: { kind: 'config', reason: 'private mounts are switched off' },
    });
    expect(existsSync(artifact('ran'))).toBe(false);
  });

  it('tells its phases as it enters them', async () => {
    await rig.run('true');
    expect(rig.phases).toEqual(['launch_guest', 'wait_for_completion']);
  });

  it('works on copies of the snapshot and of its payloads, which it cannot harm', async () => {
    const modules = rig.payload('modules', { 'x.txt': 'payload' }, [
      { name: 'modules', workspacePath: 'deep/node_modules', addToPath: ['bin'] },
    ]);
    rig.snapshotFile('deep/node_modules/hidden.txt', 'hidden');
    const outcome = await rig.run(
      'ls deep/node_modules; echo changed > README; echo changed > deep/node_modules/x.txt',
      { payloads: [modules] },
    );
    expect(outcome).toMatchObject({ verdict: 'passed', notes: [] });
    expect(rig.output.stdout.toString()).toBe('x.txt\n');
    expect(rig.read('snapshot/README')).toBe('snapshot\n');
    expect(rig.read('store/modules/x.txt')).toBe('payload');
    expect(existsSync(join(rig.jobDir, 'workspace'))).toBe(false);
  });

  it('refuses a mount at an absolute path, by name', async () => {
    const node = rig.payload('toolchain', { f: '' }, [{ name: 'node', guestPath: '/opt/node' }]);
    expect(await rig.run('true', { payloads: [node] })).toMatchObject({
      verdict: 'failed',
      failure: {
        kind: 'config',
        message: 'mount "node" cannot be made at /opt/node',
        hint: expect.stringContaining('workspacePath') as string,
      },
    });
  });

  it('refuses a mount in a read-only workspace that has no place for it', async () => {
    const modules = rig.payload('m', { f: '' }, [{ name: 'm', workspacePath: 'node_modules' }]);
    const outcome = await rig.run('true', { payloads: [modules], workspace: 'read-only' });
    expect(outcome.failure).toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('workspace: overlay') as string,
    });
  });
});

describe('a job as a process', () => {
  it('gets a small environment: ours, its own and what programs need', async () => {
    process.env['PIKACI_TEST_SECRET'] = 'secret';
    const tools = rig.payload('tools', { 'bin/tool': '' }, [
      { name: 'my-tools', workspacePath: 'tools', addToPath: ['bin'] },
    ]);
    const names = ['CI', 'MODE', 'PIKACI_RUN_ID', 'PIKACI_JOB_ID', 'PIKACI_WORKSPACE'];
    const more = ['PIKACI_ARTIFACTS', 'PIKACI_MOUNT_MY_TOOLS', 'PIKACI_TEST_SECRET'];
    await rig.run(`node -p 'JSON.stringify(process.env)'`, {
      payloads: [tools],
      env: { MODE: 'fast' },
    });
    delete process.env['PIKACI_TEST_SECRET'];
    const env = JSON.parse(rig.output.stdout.toString()) as Record<string, string>;
    const workspace = join(rig.jobDir, 'workspace');
    expect([...names, ...more].map((name) => env[name])).toEqual([
      'true',
      'fast',
      '20260307T000001Z-aaaa0001',
      'job',
      workspace,
      rig.artifactsDir,
      join(workspace, 'tools'),
      undefined,
    ]);
    expect(env['PATH']).toBe(`${workspace}/tools/bin:${process.env['PATH'] ?? ''}`);
  });

  it('has its exit code in its outcome, result and state', async () => {
    expect(await rig.run('exit 3')).toMatchObject({
      verdict: 'failed',
      exitCode: 3,
      message: 'exited with 3',
      failure: { kind: 'job' },
    });
    const result = guestResultCodec.decode(json('result.json'), 'result.json');
    const expected = { status: 'failed', exitCode: 3, message: 'exited with 3' };
    expect(result).toMatchObject({ ok: true, value: expected });
    const status = guestStatusCodec.decode(json('status.json'), 'status.json');
    expect(status).toMatchObject({ ok: true, value: { state: 'failed' } });
    const events = readFileSync(artifact('events.jsonl'), 'utf8').trim().split('\n');
    expect(events.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual([
      'started',
      'finished',
    ]);
  });

  it('reports a signal as shells do', async () => {
    expect(await rig.run('kill -KILL $$')).toMatchObject({
      exitCode: 137,
      failure: { kind: 'job', message: 'was ended by SIGKILL' },
    });
  });

  it('prints 5 MB that are in the log to the byte', async () => {
    const bytes = Buffer.alloc(5_000_000);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = (index * 31) % 256;
    const script = `const bytes = Buffer.alloc(5000000);
      for (let i = 0; i < bytes.length; i += 1) bytes[i] = (i * 31) % 256;
      process.stdout.write(bytes);`;
    await rig.run(`node -e '${script}'`);
    const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
    expect(digest(readFileSync(artifact('guest.log')))).toBe(digest(bytes));
    expect(digest(rig.output.stdout)).toBe(digest(bytes));
  });

  it('keeps standard output and error apart for the observer, and together in the log', async () => {
    await rig.run('echo out; echo err >&2');
    expect([rig.output.stdout.toString(), rig.output.stderr.toString()]).toEqual([
      'out\n',
      'err\n',
    ]);
    const lines = readFileSync(artifact('guest.log'), 'utf8').trim().split('\n');
    expect(lines.sort()).toEqual(['err', 'out']);
  });

  it('has an index of its log that tells the streams of what it printed, and when', async () => {
    const before = Date.now();
    await rig.run(
      'for i in 1 2 3; do echo out $i; echo error $i >&2; done; printf x; sleep 0.3; echo y',
    );
    const log = readFileSync(artifact('guest.log'));
    const pieces = new LogPieces();
    pieces.push(readFileSync(artifact('guest.log.index'), 'latin1'));
    expect(pieces.end).toBe(log.length);
    const all = pieces.within(0, log.length);
    const of = (wanted: string) =>
      all
        .filter(({ stream }) => stream === wanted)
        .map(({ start, end }) => log.toString('utf8', start, end))
        .join('');
    expect(of('stdout')).toBe('out 1\nout 2\nout 3\nxy\n');
    expect(of('stderr')).toBe('error 1\nerror 2\nerror 3\n');
    const times = all.map(({ atMs }) => atMs ?? NaN);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(before);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now());
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThanOrEqual(200);
  });

  it('ends at its timeout with all its children, also one that holds the output', async () => {
    const outcome = await rig.run('sleep 1000 & echo $!; sleep 1000', { timeoutSeconds: 1 });
    expect(outcome).toMatchObject({
      exitCode: null,
      message: 'timed out after 1s',
      failure: { kind: 'timeout' },
    });
    expect(isRunning(Number(rig.output.stdout))).toBe(false);
  });

  it('ends when it is cancelled', async () => {
    const abort = new AbortController();
    const outcome = await rig.run('echo $$; sleep 1000', {
      signal: abort.signal,
      onOutput: () => abort.abort(),
    });
    expect(outcome).toMatchObject({ exitCode: null, failure: { kind: 'cancelled' } });
    expect(isRunning(Number(rig.output.stdout))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('takes along a child that left its group', async () => {
    const script = `const { spawn } = require("node:child_process");
      const child = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
      console.log(child.pid); child.unref();`;
    expect(await rig.run(`node -e '${script}'`)).toMatchObject({ verdict: 'passed' });
    expect(isRunning(Number(rig.output.stdout))).toBe(false);
  });

  it('leaves alone a job with the same ids under another state root', async () => {
    const other = createJobRig({ namespaces: 'never' });
    const abort = new AbortController();
    let running: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (running = resolve));
    const outcome = other.run('echo $$; sleep 1000', {
      signal: abort.signal,
      onOutput: () => running(),
    });
    await started;
    await rig.run('true');
    expect(isRunning(Number(other.output.stdout))).toBe(true);
    abort.abort();
    expect(await outcome).toMatchObject({ failure: { kind: 'cancelled' } });
    other.remove();
  });

  it('tells of the files that it put into PIKACI_ARTIFACTS itself, however it ends', async () => {
    const write = 'mkdir "$PIKACI_ARTIFACTS/d"; echo x | tee out >"$PIKACI_ARTIFACTS/d/own"';
    const ended = await rig.run(`${write}; ln -s / "$PIKACI_ARTIFACTS/link"; exit 1`, {
      artifacts: ['out'],
    });
    expect(ended).toMatchObject({ exitCode: 1, artifacts: ['d/own', 'out'], notes: [] });
  });

  it('tells of them also when it was cancelled', async () => {
    const cancel = new AbortController();
    const cancelled = await rig.run('echo x >"$PIKACI_ARTIFACTS/own"; echo ready; sleep 1000', {
      signal: cancel.signal,
      onOutput: () => cancel.abort(),
    });
    expect(cancelled).toMatchObject({ failure: { kind: 'cancelled' }, artifacts: ['own'] });
  });

  it('keeps what it declared as artifacts, and nothing of its payloads', async () => {
    const modules = rig.payload('modules', { 'lib/x.js': '' }, [
      { name: 'modules', workspacePath: 'node_modules' },
    ]);
    const outcome = await rig.run('mkdir -p a/b; echo 1 > a/b/x.js; echo 2 > result.json', {
      payloads: [modules],
      artifacts: ['**/*.js', 'result.json', '../out'],
    });
    expect(outcome.artifacts).toEqual(['a/b/x.js']);
    expect(outcome.notes).toHaveLength(2);
    expect(json('result.json')).toMatchObject({ status: 'completed' });
    expect(readdirSync(rig.jobDir)).toEqual(['artifacts']);
  });

  it.each([
    ['success', 'exit 0', ['out/a']],
    ['success', 'exit 3', []],
    ['failure', 'exit 0', []],
    ['failure', 'exit 3', ['out/a']],
  ] as const)(
    'keeps artifacts that are for %s after "%s": %j',
    async (artifactsWhen, end, kept) => {
      const artifacts = ['out/**', '!out/b'];
      const run = `mkdir out; echo > out/a; echo > out/b; ${end}`;
      expect((await rig.run(run, { artifacts, artifactsWhen })).artifacts).toEqual(kept);
    },
  );

  it('keeps no more of its artifacts than it may', async () => {
    const run = 'mkdir out; printf 123 > out/a; printf 12345 > out/b; printf 12 > out/c';
    const outcome = await rig.run(run, { artifacts: ['out'], artifactsLimitBytes: 5 });
    expect(outcome.artifacts).toEqual(['out/a', 'out/c']);
    expect(outcome.notes).toEqual(['out/b left out: artifacts may have 5 bytes together']);
  });

  it.each([
    ['exit 0', 'passed'],
    ['exit 3', 'failed'],
    ['exec sleep 600', 'failed'],
  ] as const)('keeps reports whatever becomes of the job: "%s"', async (end, verdict) => {
    const outcome = await rig.run(`mkdir out; echo 1 > out/r.xml; echo > out/a; ${end}`, {
      artifacts: ['out/*'],
      artifactsWhen: verdict === 'passed' ? 'failure' : 'success',
      artifactsLimitBytes: 0,
      reports: { junit: ['out/*.xml'] },
      timeoutSeconds: 1,
    });
    const kept = { verdict, artifacts: ['out/r.xml'], reports: ['out/r.xml'], notes: [] };
    expect(outcome).toMatchObject(kept);
    expect(readFileSync(join(rig.artifactsDir, 'out/r.xml'), 'utf8')).toBe('1\n');
  });

  it('keeps a report once that is an artifact as well, and not on its account', async () => {
    const outcome = await rig.run('mkdir out; printf 12345 > out/r.xml; printf 12 > out/a', {
      artifacts: ['out'],
      artifactsLimitBytes: 2,
      reports: { junit: ['out/r.xml', '**/*.xml'] },
    });
    expect(outcome).toMatchObject({ artifacts: ['out/a', 'out/r.xml'], notes: [] });
    expect(outcome.reports).toEqual(['out/r.xml']);
  });

  it('says what it keeps of no report: links, what is too large, and globs without a file', async () => {
    const run =
      'ln -s /etc/passwd a.xml; truncate -s 64M b.xml; truncate -s 65M c.xml; mkdir d.xml';
    const reports = { junit: ['*.xml', 'none/*.xml'] };
    const outcome = await rig.run(run, { reports });
    expect(outcome).toMatchObject({ verdict: 'passed', reports: ['b.xml'], artifacts: ['b.xml'] });
    expect(outcome.notes).toEqual([
      `the report "*.xml": a.xml left out: no regular file, or a name of pikaci's own`,
      'no file matches the report glob "none/*.xml": was the test runner told to write its JUnit report there?',
      'c.xml left out: reports may have 64MiB each, and 128MiB together',
    ]);
  });

  it('fails before the command when two mounts cannot both be made', async () => {
    const one = rig.payload('one', { f: '' }, [{ name: 'a', workspacePath: 'same' }]);
    const two = rig.payload('two', { f: '' }, [{ name: 'b', workspacePath: 'same' }]);
    const outcome = await rig.run('true', { payloads: [one, two] });
    expect(outcome.failure).toMatchObject({ kind: 'config' });
  });
});
