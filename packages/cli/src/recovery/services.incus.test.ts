import { createIncusClient } from '@pikaci/incus-client';
import { createTestWorkspace, runInChild, type TestWorkspace } from '@pikaci/testkit';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

const socket = process.env['PIKACI_TEST_INCUS_SOCKET'] ?? '';
const image = process.env['PIKACI_TEST_INCUS_IMAGE'] ?? '';
const server = ['--incus-socket', socket, '--image', image];
const client = createIncusClient({ socketPath: socket });

const ask = 'busybox wget -q -O - "http://127.0.0.1:$PIKACI_SERVICE_WEB_PORT/"';
const serve =
  'mkdir www && echo answer >www/index.html && exec busybox httpd -f -p "127.0.0.1:$PORT" -h www';

let workspace: TestWorkspace;
let runtimeDir: string;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  runtimeDir = mkdtempSync(join(tmpdir(), 'pk-'));
  process.env['PIKACI_RUNTIME_DIR'] = runtimeDir;
  const jobs = {
    // Asks its service again when it is let go on: by a file that the test writes into the guest.
    job: {
      run: `${ask}; while [ ! -e /root/go ]; do sleep 0.1; done; ${ask}; exit 4`,
      services: { web: { run: serve, port: 'auto' } },
    },
    other: { run: 'echo other' },
  };
  const config = { schemaVersion: 1, defaults: { runtime: 'incus' }, jobs };
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\npid\n');
  workspace.commit();
});
afterEach(() => {
  delete process.env['PIKACI_RUNTIME_DIR'];
  rmSync(runtimeDir, { recursive: true });
  workspace.remove();
});

/** Instances of this test's state root, by what they are for. */
async function instances(): Promise<Readonly<Record<string, string>>> {
  const listed = await client.instances.list();
  if (!listed.ok) throw new Error(listed.error.message);
  const own = listed.value.filter(
    ({ config }) => config['user.pikaci.state-root'] === join(workspace.root, '.pikaci'),
  );
  return Object.fromEntries(
    own.map(({ name, config }) => [
      config['user.pikaci.service'] ?? config['user.pikaci.job-id'] ?? '',
      name,
    ]),
  );
}

async function cli(...argv: string[]) {
  const env = { PATH: process.env['PATH'] };
  const io = capturedIo({ cwd: workspace.root, env, uid: process.getuid?.() ?? null });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

const guestLog = (runId: string) =>
  join(workspace.root, '.pikaci/runs', runId, 'jobs/job/artifacts/guest.log');

/** A run that is killed when its job has had an answer of its service. */
async function killedRun(): Promise<string> {
  const pidFile = join(workspace.root, 'pid');
  const ended = runInChild(new URL('run-in-child.test.helper.ts', import.meta.url), 'pikaci', {
    argv: ['run', 'job', ...server],
    cwd: workspace.root,
    pidFile,
  });
  let runId = '';
  const answer = () => (existsSync(guestLog(runId)) ? readFileSync(guestLog(runId), 'utf8') : '');
  await expect
    .poll(
      async () => {
        const { stdout } = await cli('list', '--json');
        runId = (JSON.parse(stdout) as { runs: { run_id: string }[] }).runs[0]?.run_id ?? '';
        return runId === '' ? '' : answer();
      },
      { timeout: 60_000 },
    )
    .toBe('answer\n');
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  expect(await ended).toMatchObject({ signal: 'SIGKILL' });
  return runId;
}

describe('a pikaci that was killed while its job ran beside a service, both in instances', () => {
  it('has its job attached to by resume, which still reaches its service, and both go', async () => {
    const runId = await killedRun();
    const before = await instances();
    expect(Object.keys(before).sort()).toEqual(['job', 'web']);
    const resumed = cli('resume', runId, ...server);
    const written = await client.files.write(before['job'] ?? '', '/root/go', Buffer.from(''));
    expect(written).toMatchObject({ ok: true });
    expect((await resumed).code).toBe(1);
    expect(readFileSync(guestLog(runId), 'utf8')).toBe('answer\nanswer\n');
    const shown = JSON.parse((await cli('status', runId, '--json')).stdout) as unknown;
    expect(shown).toMatchObject({
      failure_kind: 'job',
      jobs: [
        { exit_code: 4, attempt: 1, services: [{ name: 'web', state: 'stopped', port: 20_000 }] },
      ],
    });
    expect(await instances()).toEqual({});
    expect(readdirSync(join(runtimeDir, 'services'))).toEqual([]);
  });

  it('has its job run again when the service is gone', async () => {
    const runId = await killedRun();
    const before = await instances();
    await client.instances.remove(before['web'] ?? '');
    const resumed = cli('resume', runId, ...server);
    let again = '';
    await expect
      .poll(
        async () => (again = (await instances())['job'] ?? '') !== before['job'] && again !== '',
        {
          timeout: 60_000,
        },
      )
      .toBe(true);
    await expect
      .poll(async () => (await client.files.write(again, '/root/go', Buffer.from(''))).ok, {
        timeout: 60_000,
      })
      .toBe(true);
    expect((await resumed).code).toBe(1);
    const shown = JSON.parse((await cli('status', runId, '--json')).stdout) as unknown;
    expect(shown).toMatchObject({ jobs: [{ exit_code: 4, attempt: 2 }] });
    expect(await instances()).toEqual({});
    expect(readdirSync(join(runtimeDir, 'services'))).toEqual([]);
  });

  it('has both instances and the socket removed by the next run', async () => {
    const runId = await killedRun();
    const names = Object.values(await instances()).sort();
    expect(readdirSync(join(runtimeDir, 'services'))).toHaveLength(1);
    const next = await cli('run', 'other', ...server);
    expect(next.code).toBe(0);
    for (const name of names) expect(next.stderr).toContain(`instance ${name} of run ${runId}`);
    expect(await instances()).toEqual({});
    expect(readdirSync(join(runtimeDir, 'services'))).toEqual([]);
  });
});
