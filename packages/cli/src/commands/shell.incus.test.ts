import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIncusClient } from '@pikaci/incus-client';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundlePikaci } from '../faults/bundle-pikaci.test.helper.js';
import { reachedVariable } from '../faults/fault-report.test.helper.js';
import {
  hasTerminals,
  startAtTerminal,
  type TerminalProgram,
} from '../shell/terminal-program.test.helper.js';

const socket = process.env['PIKACI_TEST_INCUS_SOCKET'] ?? '';
const image = process.env['PIKACI_TEST_INCUS_DEBIAN_IMAGE'] ?? '';
const server = ['--incus-socket', socket, '--image', image];
const client = createIncusClient({ socketPath: socket });

let directory: string;
let program: string;
let workspace: TestWorkspace;
let terminal: TerminalProgram | null = null;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pikaci-shell-'));
  program = await bundlePikaci(directory);
  workspace = createTestWorkspace({ git: true });
  workspace.write('.gitignore', '.pikaci\nafter\nbefore\n');
  workspace.write('source.txt', 'a source\n');
  const config = {
    schemaVersion: 1,
    defaults: { runtime: 'incus' },
    secrets: { TOKEN: { env: 'SHELL_TEST_TOKEN' } },
    payloads: {
      tools: {
        kind: 'command',
        runtime: 'process',
        run: 'echo built >"$PIKACI_OUTPUT/tool"',
        mounts: [{ name: 'tools', workspacePath: 'tools' }],
      },
    },
    jobs: {
      unit: {
        run: 'echo lost >written; cat tools/tool; exit 3',
        payloads: ['tools'],
        user: '1234',
        network: 'none',
        secrets: [{ secret: 'TOKEN', as: 'file', name: 'TOKEN_FILE' }],
      },
    },
  };
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.commit();
  expect(pikaci(['run', 'unit', ...server])).toMatchObject({ status: 1 });
});
afterEach(() => {
  terminal?.kill();
  terminal = null;
});
afterAll(() => {
  workspace.remove();
  rmSync(directory, { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: directory,
  SHELL_TEST_TOKEN: 'the-token-of-the-test',
  [reachedVariable]: join(directory, 'reached'),
});

function pikaci(argv: readonly string[], input = '') {
  const ran = spawnSync(process.execPath, [program, ...argv], {
    cwd: workspace.root,
    env: environment(),
    input,
  });
  return { status: ran.status, stdout: ran.stdout.toString(), stderr: ran.stderr.toString() };
}

/** Names of the instances of this test's state root. */
async function instances(): Promise<readonly string[]> {
  const listed = await client.instances.list();
  if (!listed.ok) throw new Error(listed.error.message);
  const own = join(workspace.root, '.pikaci');
  return listed.value
    .filter(({ config }) => config['user.pikaci.state-root'] === own)
    .map(({ name }) => name);
}

describe('a shell in a real instance', () => {
  it('has what the job had: files, mounts, user, secrets and no network', async () => {
    const script = `
      pwd; id -u; cat source.txt tools/tool "$TOKEN_FILE"; echo
      ls written 2>/dev/null || echo 'as it began'
      touch tools/new 2>/dev/null || echo 'read-only'
      echo mine >mine && cat mine
      ls /sys/class/net
      sh -c "$PIKACI_COMMAND"
    `;
    const { status, stdout } = pikaci(['shell', ...server], script);
    expect(stdout.trim().split('\n')).toEqual([
      '/workspace/work',
      '1234',
      'a source',
      'built',
      'the-token-of-the-test',
      'as it began',
      'read-only',
      'mine',
      'lo',
      'built',
    ]);
    expect(status).toBe(3);
    expect(pikaci(['shell', ...server, '--', 'sh', '-c', 'exit 77']).status).toBe(77);
    expect(await instances()).toEqual([]);
  });

  it('is opened in the instance that a failed job left, when that was kept', async () => {
    const run = pikaci(['run', 'unit', ...server, '--keep', 'on-failure', '--keep-for', '1h']);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/job unit: its instance \S+ is kept until/u);
    const [name = ''] = await instances();
    const ran = pikaci(['shell', ...server], 'cat written tools/tool; echo more >>written; exit 6');
    expect(ran).toMatchObject({ status: 6, stdout: 'lost\nbuilt\n' });
    expect(pikaci(['shell', ...server, '--', 'cat', 'written']).stdout).toBe('lost\nmore\n');
    expect(pikaci(['sweep', ...server]).stdout).toContain(`kept instance ${name} of job unit`);
    expect(pikaci(['doctor', ...server]).stdout).toContain('instances of failed jobs of run');
    expect(await instances()).toEqual([name]);
    expect(pikaci(['sweep', '--kept']).stdout).toContain(`removed instance ${name}`);
    expect(await instances()).toEqual([]);
    expect(readdirSync(join(workspace.root, '.pikaci/cache/run-leases'))).toEqual([]);
  });

  it.skipIf(!hasTerminals)(
    'has a terminal, with Ctrl-C and sizes, and leaves that of the person as it was',
    async () => {
      const shell = `${process.execPath} ${program} shell ${server.join(' ')}`;
      const script = `stty cols 99 rows 33; stty -g >before; ${shell}; echo "it was $?"; stty -g >after`;
      terminal = startAtTerminal(['sh', '-c', script], { cwd: workspace.root, env: environment() });
      await terminal.shows('leave with exit or Ctrl-D');
      terminal.type('stty size; echo "at $((40 + 2))"; sleep 60\r');
      await terminal.shows('33 99');
      await terminal.shows('at 42');
      terminal.type('\x03');
      terminal.type('echo "ended with $?"; exit 5\r');
      await terminal.shows('ended with 130');
      await terminal.shows('it was 5');
      await terminal.ends();
      expect(readFileSync(join(workspace.root, 'after'), 'utf8')).toBe(
        readFileSync(join(workspace.root, 'before'), 'utf8'),
      );
      expect(await instances()).toEqual([]);
    },
  );

  it.skipIf(!hasTerminals)(
    'is left alone while its process lives; of one that is killed the next command removes it',
    async () => {
      const argv = [process.execPath, program, 'shell', ...server];
      terminal = startAtTerminal(argv, { cwd: workspace.root, env: environment() });
      await terminal.shows('leave with exit or Ctrl-D');
      terminal.type('echo "at $((40 + 2))"\r');
      await terminal.shows('at 42');
      expect(pikaci(['sweep', ...server]).stdout).toBe('nothing was left\n');
      const [name = '', ...others] = await instances();
      expect(others).toEqual([]);
      terminal.type('echo "still $((40 + 3))"\r');
      await terminal.shows('still 43');
      const instance = await client.instances.get(name);
      if (!instance.ok) throw new Error(instance.error.message);
      const owner = JSON.parse(instance.value.config['user.pikaci.owner'] ?? '') as { pid: number };
      process.kill(owner.pid, 'SIGKILL');
      await terminal.ends();
      expect(await instances()).toEqual([name]);
      // A command that knows nothing of this server: the lease tells it.
      expect(pikaci(['sweep']).stdout).toContain(`removed instance ${name}`);
      expect(await instances()).toEqual([]);
    },
  );
});
