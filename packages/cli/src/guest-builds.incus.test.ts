import { createIncusClient } from '@pikaci/incus-client';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from './captured-io.test.helper.js';
import { runCli } from './run-cli.js';

const socket = process.env['PIKACI_TEST_INCUS_SOCKET'] ?? '';
const tiny = process.env['PIKACI_TEST_INCUS_IMAGE'] ?? '';
const debian = process.env['PIKACI_TEST_INCUS_DEBIAN_IMAGE'] ?? '';

const mount = (name: string, workspacePath: string) => [{ name, path: '.', workspacePath }];
const inGuest = (run: string) => ({ kind: 'command', runtime: 'incus', run, mounts: [] });

const config = {
  schemaVersion: 1,
  payloads: {
    words: {
      kind: 'command',
      run: 'mkdir out && echo from a process > out/words',
      output: 'out',
      mounts: mount('words', 'deep/words'),
    },
    system: {
      kind: 'command',
      runtime: 'incus',
      dependsOn: ['words'],
      run: '{ cat deep/words/words && cat /etc/os-release || echo no Debian; } > "$PIKACI_OUTPUT/os"',
      mounts: mount('system', 'system'),
    },
    endless: inGuest('echo building; sleep 300'),
    pipe: inGuest('mkfifo "$PIKACI_OUTPUT/pipe"'),
    setuid: inGuest('cp /bin/sh "$PIKACI_OUTPUT/sh" && chmod 4755 "$PIKACI_OUTPUT/sh"'),
  },
  jobs: {
    'on-host': { run: 'cat system/os', payloads: ['system'] },
    'in-guest': { run: 'cat system/os', payloads: ['system'], runtime: 'incus' },
    endless: { run: 'true', payloads: ['endless'] },
    pipe: { run: 'true', payloads: ['pipe'] },
    setuid: { run: 'true', payloads: ['setuid'] },
  },
};

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.commit();
});
afterEach(async () => {
  expect(await instancesLeft()).toEqual([]);
  workspace.remove();
});

const world = (image: string) =>
  capturedIo({
    cwd: workspace.root,
    env: { PATH: process.env['PATH'], PIKACI_INCUS_SOCKET: socket, PIKACI_INCUS_IMAGE: image },
    uid: process.getuid?.() ?? null,
  });

async function cli(image: string, ...argv: string[]) {
  const io = world(image);
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

/** Instances of this test's state root. */
async function instancesLeft(): Promise<readonly string[]> {
  const client = createIncusClient({ socketPath: socket });
  const listed = await client.instances.list();
  client.close();
  if (!listed.ok) throw new Error(listed.error.message);
  return listed.value
    .filter((instance) => JSON.stringify(instance.config).includes(workspace.root))
    .map((instance) => instance.name);
}

/** Payloads of the store, and staging directories that were forgotten. */
function stored(): readonly string[] {
  const names = readdirSync(join(workspace.root, '.pikaci/cache/payloads'));
  return names.filter((name) => !name.startsWith('.') || name.startsWith('.staging'));
}

describe('payloads that are built in a guest', () => {
  it('are built on what processes built, once for each image, and used by every runtime', async () => {
    const first = await cli(debian, 'run', 'on-host', 'in-guest', '--verbose');
    expect(first.stdout).toMatch(/on-host \| from a process\n[\s\S]*on-host \| .*Debian GNU/u);
    expect(first.stdout).toMatch(/in-guest \| from a process\n[\s\S]*in-guest \| .*Debian GNU/u);
    expect(first.code).toBe(0);
    expect(hostLog('on-host')).toMatch(
      new RegExp(`building in instance pikaci-[0-9a-f]{12} of image ${debian} \\(`),
    );
    expect(stored()).toHaveLength(2);
    expect((await cli(debian, 'run', 'on-host')).code).toBe(0);
    expect(stored()).toHaveLength(2);
    const other = await cli(tiny, 'run', 'on-host', '--verbose');
    expect(other.stdout).toContain('on-host | no Debian\n');
    expect(stored()).toHaveLength(3);
  });

  it.each([
    ['pipe', 'neither a file'],
    ['setuid', 'setuid'],
  ])('are refused with a %s in them, and leave nothing', async (job, reason) => {
    const { code, stdout } = await cli(tiny, 'run', job);
    expect(code).toBe(1);
    expect(stdout).toContain(reason);
    expect(stored()).toEqual([]);
  });

  it('leave neither instance nor directory when they are cancelled', async () => {
    const io = world(tiny);
    const running = runCli(['run', 'endless', '--verbose'], io);
    await expect
      .poll(() => hostLog('endless'), { timeout: 60_000 })
      .toContain('building in instance');
    await expect.poll(instancesLeft, { timeout: 60_000 }).toHaveLength(1);
    io.signals.emit('SIGINT');
    expect(await running).toBe(130);
    expect(stored()).toEqual([]);
  });
});

/** What the host log of the only run says so far. */
function hostLog(job: string): string {
  try {
    const runs = join(workspace.root, '.pikaci/runs');
    const [run = ''] = readdirSync(runs);
    return readFileSync(join(runs, run, 'jobs', job, 'host.log'), 'utf8');
  } catch {
    return '';
  }
}
