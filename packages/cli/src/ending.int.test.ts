import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo, type CapturedIo } from './captured-io.test.helper.js';
import { runCli } from './run-cli.js';
import { sameSignalWithinMs } from './signals/cancel-on-signals.js';

const token = 'a-value-that-nobody-may-see';
const config = {
  schemaVersion: 1,
  secrets: { TOKEN: { env: 'MY_TOKEN' } },
  jobs: {
    endless: { run: 'echo up; sleep 60' },
    stubborn: { run: 'trap "" TERM; echo up; while :; do sleep 1; done', cancelGraceSeconds: 600 },
    after: { run: 'true', needs: ['endless'] },
    red: { run: 'exit 7' },
    flaky: { run: 'test -e "$MARK" || { : > "$MARK"; exit 1; }', retry: { job: 1 } },
    secret: { run: 'echo "token $TOKEN"', secrets: ['TOKEN'] },
    deploy: { run: 'true', concurrency: 'deploy' },
  },
};

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  const mark = join(workspace.root, '..', `${workspace.root.split('/').at(-1) ?? ''}-mark`);
  const flaky = { ...config.jobs.flaky, env: { MARK: mark } };
  const jobs = { ...config.jobs, flaky };
  workspace.write('pikaci.config.json', JSON.stringify({ ...config, jobs }));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.commit();
  return () => rmSync(mark, { force: true });
});
afterEach(() => workspace.remove());

function world(): CapturedIo {
  return capturedIo({
    cwd: workspace.root,
    env: {
      PATH: process.env['PATH'],
      MY_TOKEN: token,
      PIKACI_RUNTIME_DIR: join(workspace.root, '.pikaci-runtime'),
    },
    uid: process.getuid?.() ?? null,
  });
}

async function cli(...argv: string[]) {
  const io = world();
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

/** Starts a run, and returns when its job prints. */
async function started(io: CapturedIo, ...argv: string[]): Promise<Promise<number>[]> {
  const running = runCli(['run', '--verbose', ...argv], io);
  await expect.poll(() => io.stdout.text, { timeout: 20_000 }).toContain('| up');
  return [running];
}

const record = async () =>
  JSON.parse((await cli('status', 'latest', '--json')).stdout) as Record<string, unknown>;

describe('cancel', () => {
  it('ends a run of another process, waits for that, and the record says so', async () => {
    const io = world();
    const [running] = await started(io, 'endless', 'after');
    const asked = await cli('cancel', 'latest');
    expect(asked.stdout).toMatch(
      /asked to cancel run \S+\nrun \S+ has ended: failed \(cancelled\)/u,
    );
    expect(asked.code).toBe(0);
    expect(await running).toBe(130);
    expect(io.stdout.text).toContain('asked by pikaci cancel, process');
    expect(await record()).toMatchObject({ status: 'failed', failure_kind: 'cancelled' });
    const again = await cli('cancel', 'latest');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain('nothing to cancel: run');
  });

  it('ends one job, and the run goes on', async () => {
    const io = world();
    const [running] = await started(io, 'endless', 'after', 'red', '--jobs', '1');
    const asked = await cli('cancel', 'latest', '--job', 'endless');
    expect(asked.stdout).toContain('job endless has ended: failed (cancelled)');
    expect(await running).toBe(130);
    expect(await record()).toMatchObject({
      failure_kind: 'cancelled',
      jobs: [
        { id: 'endless', failure_kind: 'cancelled' },
        { id: 'after', status: 'skipped', message: 'not run because `endless` did not pass' },
        { id: 'red', failure_kind: 'job' },
      ],
    });
  });

  it('knows which jobs there are, asks at once for an end by force, and need not wait', async () => {
    const io = world();
    const [running] = await started(io, 'stubborn');
    const unknown = await cli('cancel', 'latest', '--job', 'nope');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('has no job "nope"');
    expect(unknown.stderr).toContain('It has stubborn.');
    const asked = await cli('cancel', 'latest', '--now', '--no-wait', '--json');
    expect(asked.code).toBe(0);
    expect(JSON.parse(asked.stdout)).toMatchObject({ status: 'running' });
    expect(await running).toBe(130);
  });

  it('closes a run whose process is gone: nobody is there to ask', async () => {
    await cli('run', 'red');
    const { run_id: runId } = await record();
    const file = join(workspace.root, '.pikaci/runs', String(runId), 'run.json');
    const known = JSON.parse(readFileSync(file, 'utf8')) as { owner: object };
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const owner = { ...known.owner, pid, start_ticks: '1' };
    writeFileSync(file, JSON.stringify({ ...known, status: 'running', finished_at: null, owner }));
    const asked = await cli('cancel', 'latest');
    expect(asked.code).toBe(0);
    expect(asked.stderr).toContain(`recovered run ${String(runId)}, whose process was gone`);
    expect(asked.stdout).toContain(`nothing to cancel: run ${String(runId)} has ended: failed`);
    expect(await record()).toMatchObject({ run_id: runId, status: 'failed' });
  });
});

describe('run, ended early', () => {
  it('ends at once, with a record, by a second signal', async () => {
    const io = world();
    // A whole number: the difference of two fractions may be a hair less than what was added.
    let nowMs = Math.floor(performance.now());
    const clock = { now: () => new Date(), monotonicMs: () => nowMs };
    const [running] = await started({ ...io, clock }, 'stubborn');
    io.signals.emit('SIGTERM');
    nowMs += sameSignalWithinMs;
    io.signals.emit('SIGTERM');
    expect(await running).toBe(130);
    expect(io.exits).toEqual([]);
    expect(await record()).toMatchObject({
      failure_kind: 'cancelled',
      jobs: [{ status: 'failed', failure_kind: 'cancelled' }],
    });
  });

  it('ends with 124 when the whole run takes too long', async () => {
    const { code, stdout } = await cli('run', 'endless', 'after', '--timeout', '0.5s');
    expect(code).toBe(124);
    expect(stdout).toContain('The run took longer than its limit of 0.5 s');
    expect(await record()).toMatchObject({
      failure_kind: 'timeout',
      jobs: [{ failure_kind: 'timeout' }, { status: 'skipped' }],
    });
  });

  it('cancels what runs after the first failure with --fail-fast, and ends with 1', async () => {
    const { code, stdout } = await cli('run', 'endless', 'red', '--jobs', '2', '--fail-fast');
    expect(code).toBe(1);
    expect(stdout).toContain('fail-fast: job `red` failed');
    expect(await record()).toMatchObject({
      failure_kind: 'job',
      jobs: [
        { id: 'endless', failure_kind: 'cancelled' },
        { id: 'red', failure_kind: 'job' },
      ],
    });
  });
});

describe('run', () => {
  it('shows a job that passed on its second attempt as flaky', async () => {
    const { code, stdout } = await cli('run', 'flaky');
    expect(code).toBe(0);
    expect(stdout).toContain('; attempt 2 in 1.0s');
    expect(stdout).toContain('✓ flaky passed (flaky: passed on attempt 2) in');
    expect(stdout).toContain('1 passed, 1 of them flaky');
    expect(await record()).toMatchObject({ jobs: [{ flaky: true, attempt: 2 }] });
    expect((await cli('status', 'latest')).stdout).toContain('attempt 1  job: ');
  });

  it('gives a job its secret, which is seen nowhere', async () => {
    const { code, stdout } = await cli('run', 'secret', '--verbose');
    expect(stdout).toContain('secret | token ***\n');
    expect(code).toBe(0);
    const all = spawnSync('grep', ['-rl', token, join(workspace.root, '.pikaci')]);
    expect(all.stdout.toString()).toBe('');
  });

  it('runs a job of a group', async () => {
    expect((await cli('run', 'deploy')).code).toBe(0);
  });
});
