import { createIncusClient } from '@pikaci/incus-client';
import { guestLayout } from '@pikaci/paths';
import { createTestWorkspace, runInChild, type TestWorkspace } from '@pikaci/testkit';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

const socket = process.env['PIKACI_TEST_INCUS_SOCKET'] ?? '';
const image = process.env['PIKACI_TEST_INCUS_DEBIAN_IMAGE'] ?? '';
const server = ['--incus-socket', socket, '--image', image];

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  const jobs = {
    // Each line once, and the end only when it is let go on: by a file that the test writes into the guest.
    job: {
      run: `echo one; echo two >&2; while [ ! -e /root/go ]; do sleep 0.1; done
        echo three; exit 4`,
    },
    other: { run: 'echo other' },
    waiting: { run: 'echo waiting; while [ ! -e /root/go ]; do sleep 0.1; done' },
  };
  const config = { schemaVersion: 1, defaults: { runtime: 'incus' }, jobs };
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\npid\n');
  workspace.commit();
});
afterEach(() => workspace.remove());

const client = createIncusClient({ socketPath: socket });

/** Instances of this test's state root, by the job that they are for. */
async function instances(): Promise<Readonly<Record<string, string>>> {
  const listed = await client.instances.list();
  if (!listed.ok) throw new Error(listed.error.message);
  const own = listed.value.filter(
    ({ config }) => config['user.pikaci.state-root'] === join(workspace.root, '.pikaci'),
  );
  return Object.fromEntries(
    own.map(({ name, config }) => [config['user.pikaci.job-id'] ?? '', name] as const),
  );
}

async function letGo(job: string): Promise<void> {
  const instance = (await instances())[job] ?? '';
  const written = await client.files.write(instance, '/root/go', Buffer.from(''));
  expect(written).toMatchObject({ ok: true });
}

function world() {
  return capturedIo({
    cwd: workspace.root,
    env: { PATH: process.env['PATH'] },
    uid: process.getuid?.() ?? null,
  });
}
async function cli(...argv: string[]) {
  const io = world();
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

const guestLog = (runId: string) =>
  join(workspace.root, '.pikaci/runs', runId, 'jobs/job/artifacts/guest.log');

/** A run of `job` that is killed when all that the job prints before it waits has arrived. */
async function killedRun(): Promise<string> {
  const pidFile = join(workspace.root, 'pid');
  const ended = runInChild(new URL('run-in-child.test.helper.ts', import.meta.url), 'pikaci', {
    argv: ['run', 'job', ...server],
    cwd: workspace.root,
    pidFile,
  });
  let runId = '';
  await expect
    .poll(
      async () => {
        const runs = JSON.parse((await cli('list', '--json')).stdout) as {
          runs: { run_id: string }[];
        };
        runId = runs.runs[0]?.run_id ?? '';
        return runId !== '' && existsSync(guestLog(runId))
          ? readFileSync(guestLog(runId), 'utf8')
          : '';
      },
      { timeout: 60_000 },
    )
    .toMatch(/one\n.*two\n|two\n.*one\n/su);
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  expect(await ended).toMatchObject({ signal: 'SIGKILL' });
  return runId;
}

async function expectWholeResult(runId: string): Promise<void> {
  const lines = readFileSync(guestLog(runId), 'utf8').trim().split('\n');
  expect(lines.sort()).toEqual(['one', 'three', 'two']);
  const shown = JSON.parse((await cli('status', runId, '--json')).stdout) as unknown;
  expect(shown).toMatchObject({
    status: 'failed',
    failure_kind: 'job',
    jobs: [{ id: 'job', status: 'failed', exit_code: 4, attempt: 1 }],
  });
  expect(await instances()).toEqual({});
}

describe('a pikaci that was killed while its job ran in an instance', () => {
  it('has its job attached to by resume: it runs once, and its output is whole', async () => {
    const runId = await killedRun();
    const before = await instances();
    const io = world();
    const resumed = runCli(['resume', runId, '--verbose', ...server], io);
    await expect.poll(() => io.stdout.text, { timeout: 60_000 }).toContain('job | one');
    // It would wait in vain in another one.
    expect(await instances()).toEqual(before);
    await letGo('job');
    expect(await resumed).toBe(1);
    expect(io.stdout.text).toContain('job | three');
    await expectWholeResult(runId);
  });

  it('has the result taken of a job that ended while nobody watched', async () => {
    const runId = await killedRun();
    const instance = (await instances())['job'] ?? '';
    await letGo('job');
    await expect
      .poll(
        async () => {
          const read = await client.files.stat(instance, join(guestLayout.state, 'output/ending'));
          return read.ok;
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    expect((await cli('resume', ...server)).code).toBe(1);
    await expectWholeResult(runId);
  });

  it('has its instance removed by the next run, and that of a run which goes on is left alone', async () => {
    const io = world();
    const going = runCli(['run', 'waiting', '--verbose', ...server], io);
    await expect.poll(() => io.stdout.text, { timeout: 60_000 }).toContain('waiting | waiting');
    const runId = await killedRun();
    const instance = (await instances())['job'] ?? 'none';
    const next = await cli('run', 'other', ...server);
    expect(next.code).toBe(0);
    expect(next.stderr).toBe(
      `recovered run ${runId}, whose process was gone: 1 job marked; removed instance ${instance} of run ${runId}\n`,
    );
    expect(Object.keys(await instances())).toEqual(['waiting']);
    await letGo('waiting');
    expect(await going).toBe(0);
    expect(await instances()).toEqual({});
  });
});
