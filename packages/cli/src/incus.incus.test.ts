import { createIncusClient } from '@pikaci/incus-client';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from './captured-io.test.helper.js';
import { runCli } from './run-cli.js';

const socket = process.env['PIKACI_TEST_INCUS_SOCKET'] ?? '';
const image = process.env['PIKACI_TEST_INCUS_DEBIAN_IMAGE'] ?? '';

const config = {
  schemaVersion: 1,
  payloads: {
    greeting: {
      kind: 'command',
      run: 'mkdir out && echo hello from a payload > out/greeting',
      output: 'out',
      mounts: [{ name: 'greeting', path: '.', guestPath: '/opt/greeting' }],
    },
  },
  jobs: {
    greet: { run: 'cat /opt/greeting/greeting file.txt', payloads: ['greeting'] },
    red: { run: 'exit 5' },
    endless: { run: 'echo started; sleep 300' },
  },
};

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write('file.txt', 'hello from the workspace\n');
  workspace.commit();
});
afterEach(() => workspace.remove());

const world = () =>
  capturedIo({
    cwd: workspace.root,
    env: { PATH: process.env['PATH'], PIKACI_INCUS_SOCKET: socket, PIKACI_INCUS_IMAGE: image },
    uid: process.getuid?.() ?? null,
  });

async function cli(...argv: string[]) {
  const io = world();
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

/** Instances of jobs in this test's state root. */
async function instancesLeft(): Promise<readonly string[]> {
  const client = createIncusClient({ socketPath: socket });
  const listed = await client.instances.list();
  client.close();
  if (!listed.ok) throw new Error(listed.error.message);
  return listed.value
    .filter((instance) => JSON.stringify(instance.config).includes(workspace.root))
    .map((instance) => instance.name);
}

describe('the command line on a real Incus', () => {
  it('runs a job in an instance with a payload and the workspace, and leaves no instance', async () => {
    const { code, stdout } = await cli('run', 'greet', '--runtime', 'incus', '--verbose');
    expect(stdout).toContain('greet | hello from a payload\ngreet | hello from the workspace\n');
    expect(code).toBe(0);
    const status = await cli('status', 'latest');
    expect(status.stdout).toMatch(/greet passed {2}incus, /u);
    expect(status.stdout).toMatch(/launch_guest +\S/u);
    expect(await instancesLeft()).toEqual([]);
  });

  it('ends with 1 for a red job', async () => {
    expect((await cli('run', 'red', '--runtime', 'incus')).code).toBe(1);
    expect(await instancesLeft()).toEqual([]);
  });

  it('ends with 130 and leaves no instance when it is cancelled in the middle of a job', async () => {
    const io = world();
    const running = runCli(['run', 'endless', '--runtime', 'incus', '--verbose'], io);
    await expect.poll(() => io.stdout.text, { timeout: 60_000 }).toContain('endless | started');
    io.signals.emit('SIGINT');
    expect(await running).toBe(130);
    expect(await instancesLeft()).toEqual([]);
  });

  it('ends with 3 for an image that is not there', async () => {
    const { code, stdout } = await cli(
      'run',
      'red',
      '--runtime',
      'incus',
      '--image',
      'no-such-image',
    );
    expect(code).toBe(3);
    expect(stdout).toContain('no-such-image');
  });

  it('lets the doctor find server, project and image', async () => {
    const good = await cli('doctor', '--runtime', 'incus');
    expect(good.stdout).toMatch(/^ok +incus image/mu);
    expect(good.code).toBe(0);
    const bad = await cli('doctor', '--runtime', 'incus', '--image', 'no-such-image');
    expect(bad.stdout).toMatch(/^missing +incus image/mu);
    expect(bad.code).toBe(3);
  });
});
