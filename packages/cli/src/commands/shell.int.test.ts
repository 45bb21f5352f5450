import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundlePikaci } from '../faults/bundle-pikaci.test.helper.js';
import { reachedVariable } from '../faults/fault-report.test.helper.js';
import {
  hasTerminals,
  startAtTerminal,
  type TerminalProgram,
} from '../shell/terminal-program.test.helper.js';

const config = {
  schemaVersion: 1,
  secrets: { TOKEN: { env: 'SHELL_TEST_TOKEN' } },
  payloads: {
    tools: {
      kind: 'command',
      run: 'echo built >"$PIKACI_OUTPUT/tool"',
      mounts: [{ name: 'tools', workspacePath: 'tools' }],
    },
  },
  jobs: {
    unit: {
      run: 'echo "from the job" >written; cat ../tools/tool; exit 3',
      cwd: 'src',
      payloads: ['tools'],
      secrets: ['TOKEN', { secret: 'TOKEN', as: 'file', name: 'TOKEN_FILE' }],
      env: { COLOUR: 'blue sky' },
    },
    fine: { run: 'true' },
    after: { run: 'true', needs: ['unit'] },
    served: { run: 'exit 5', services: { db: { run: 'exec sleep 600', ready: { run: 'true' } } } },
  },
};

let directory: string;
let program: string;
let workspace: TestWorkspace;
let terminal: TerminalProgram | null = null;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pikaci-shell-'));
  program = await bundlePikaci(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write('src/source.txt', 'a source\n');
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.commit();
  expect(pikaci(['run', 'unit', 'fine', 'after']).status).toBe(1);
});
afterEach(() => {
  terminal?.kill();
  terminal = null;
  workspace.remove();
});

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: directory,
  TERM: 'dumb',
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

function atTerminal(argv: readonly string[]): TerminalProgram {
  const options = { cwd: workspace.root, env: environment() };
  return (terminal = startAtTerminal([process.execPath, program, ...argv], options));
}

const stateRoot = () => join(workspace.root, '.pikaci');
const runDir = () => join(stateRoot(), 'runs', readdirSync(join(stateRoot(), 'runs'))[0] ?? '');
const jobDir = () => join(runDir(), 'jobs/unit');

/** What a shell may leave: in the job's directory, and its lease. */
function leftOfShells(): readonly string[] {
  const known = ['artifacts', 'attempts', 'host.log', 'staged', 'status.json'];
  const leases = readdirSync(join(stateRoot(), 'cache/run-leases'));
  return [...readdirSync(jobDir()).filter((name) => !known.includes(name)), ...leases];
}

describe('a shell without a terminal', () => {
  it('has the files, mounts, variables and secrets that the job had, and leaves nothing', () => {
    const record = readFileSync(join(jobDir(), 'status.json'), 'utf8');
    const script = `
      pwd
      cat source.txt ../tools/tool
      echo "$COLOUR; $TOKEN; $(cat "$TOKEN_FILE"); $PIKACI_JOB_ID; $PIKACI_COMMAND"
      ls written 2>/dev/null || echo 'as it began'
      echo mine >mine && cat mine
      touch ../tools/new 2>/dev/null || echo 'read-only'
      echo kept >"$PIKACI_ARTIFACTS/kept" && ls "$PIKACI_ARTIFACTS"
      exit 9
    `;
    const { status, stdout, stderr } = pikaci(['shell'], script);
    expect(stdout.split('\n')).toEqual([
      join(jobDir(), 'workspace/src'),
      'a source',
      'built',
      `blue sky; the-token-of-the-test; the-token-of-the-test; unit; cd -- src || exit`,
      config.jobs.unit.run,
      'as it began',
      'mine',
      'read-only',
      'kept',
      '',
    ]);
    expect(status).toBe(9);
    expect(stderr).toMatch(/^job unit of run \S+ ended with 3: cd -- src \|\| exit … \(/u);
    expect(leftOfShells()).toEqual([]);
    expect(readFileSync(join(jobDir(), 'status.json'), 'utf8')).toBe(record);
    expect(existsSync(join(jobDir(), 'artifacts/kept'))).toBe(false);
  });

  it('runs a command that comes after two dashes, as it is, and passes on its exit code', () => {
    const ran = pikaci(['shell', 'latest', '--job', 'unit', '--', 'printf', '<%s>', 'a b', '--']);
    expect(ran).toMatchObject({ status: 0, stdout: '<a b><-->' });
    expect(pikaci(['shell', '--', 'sh', '-c', 'exit 77']).status).toBe(77);
    expect(pikaci(['shell', '--', 'sh', '-c', 'kill -9 $$']).status).toBe(137);
    expect(pikaci(['shell', '--', 'no-such-program']).status).toBe(127);
    const again = pikaci(['shell', '--', 'sh', '-c', 'sh -c "$PIKACI_COMMAND"']);
    expect(again.status).toBe(2);
  });

  it('is opened by each example of its help', () => {
    const { stdout } = pikaci(['shell', '--help']);
    const examples = [
      ...stdout.matchAll(/^ {2}((?:\S.* \| )?npx pikaci shell.*?)(?: {2,}.*)?$/gmu),
    ];
    expect(examples.length).toBeGreaterThan(3);
    for (const [, line = ''] of examples) {
      const command = line.replaceAll('npx pikaci', `'${process.execPath}' '${program}'`);
      const options = { cwd: workspace.root, env: environment(), input: '' };
      const { stderr } = spawnSync('sh', ['-c', command], options);
      expect(`${line}: ${stderr.toString()}`).toMatch(/^.*: job unit of run /u);
    }
  });

  it('ends what the shell has started', () => {
    const ran = pikaci(['shell'], 'setsid sleep 4711 >/dev/null 2>&1 &\nsleep 0.1; echo started');
    expect(ran).toMatchObject({ status: 0, stdout: 'started\n' });
    expect(processesOf('sleep 4711')).toEqual([]);
  });

  it('has what the run had when the configuration has changed since, and says so', () => {
    const changed = structuredClone(config);
    changed.jobs.unit.env.COLOUR = 'red';
    changed.jobs.unit.run = 'true';
    workspace.write('pikaci.config.json', JSON.stringify(changed));
    const { stdout, stderr } = pikaci(['shell'], 'echo "$COLOUR; $PIKACI_COMMAND"');
    expect(stdout).toContain('blue sky; ');
    expect(stdout).toContain('exit 3');
    expect(stderr).toContain('has changed since (command, env)');
  });

  it('says which services of the job are not there', () => {
    expect(pikaci(['run', 'served']).status).toBe(1);
    const { status, stderr } = pikaci(['shell', '--', 'true']);
    expect(status).toBe(0);
    expect(stderr).toContain('what the job had as services is not started: db\n');
  });

  it('is opened without secrets that cannot be had any more, and says so', () => {
    const env = { ...environment(), SHELL_TEST_TOKEN: undefined };
    const ran = spawnSync(process.execPath, [program, 'shell'], {
      cwd: workspace.root,
      env,
      input: 'echo "${TOKEN-none}"; exit 4',
    });
    expect(ran.stdout.toString()).toBe('none\n');
    expect(ran.stderr.toString()).toContain('warning: the shell is without the secrets of the job');
    expect(ran.status).toBe(4);
  });

  it('says what to do when there is nothing to open a shell in', () => {
    const refused = (argv: readonly string[]) => {
      const { status, stdout, stderr } = pikaci(['shell', ...argv]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      return stderr;
    };
    expect(refused(['--job', 'unti'])).toContain('It has unit, fine, after.');
    expect(refused(['--job', 'after'])).toContain('was not run');
    expect(refused(['latest', 'npm', 'test'])).toContain('A command comes after --');
    const [key = ''] = readdirSync(join(stateRoot(), 'cache/payloads')).filter((n) =>
      /^\w/u.test(n),
    );
    rmSync(join(stateRoot(), 'cache/payloads', key), { recursive: true });
    expect(refused([])).toMatch(/payload "tools" of run \S+ is gone[^]*npx pikaci rerun/u);
    rmSync(join(stateRoot(), 'cache/snapshots'), { recursive: true });
    expect(refused([])).toMatch(/files that run \S+ was on are gone[^]*npx pikaci run/u);
    expect(leftOfShells()).toEqual([]);
  });

  it('asks for a job when several have failed, and takes one that passed when it is named', () => {
    const several = {
      ...config,
      jobs: { a: { run: 'exit 1' }, b: { run: 'exit 2' }, c: { run: 'true' } },
    };
    workspace.write('pikaci.config.json', JSON.stringify(several));
    rmSync(stateRoot(), { recursive: true });
    expect(pikaci(['run', 'c']).status).toBe(0);
    expect(pikaci(['shell']).stderr).toContain('Name one with --job: c.');
    expect(pikaci(['shell', '--job', 'c'], 'exit 6').status).toBe(6);
    expect(pikaci(['run', 'a', 'b', 'c']).status).toBe(1);
    expect(pikaci(['shell']).stderr).toContain('Name one with --job: a, b.');
  });
});

/** Ids of the processes of a command line. */
function processesOf(commandLine: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/u.test(pid)) return false;
    try {
      return (
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim() === commandLine
      );
    } catch {
      return false;
    }
  });
}

describe.skipIf(!hasTerminals)('a shell at a terminal', () => {
  it('has the terminal, with Ctrl-C and job control, and pikaci goes on meanwhile', async () => {
    const shell = atTerminal(['shell']);
    await shell.shows('leave with exit or Ctrl-D');
    shell.type('test -t 0 && test -t 1 && echo "at $((40 + 2))"\r');
    await shell.shows('at 42');
    shell.type('echo "now $((1 + 1))"; sleep 4712\r');
    await shell.shows('now 2');
    await vi.waitFor(() => expect(processesOf('sleep 4712')).toHaveLength(1), 10_000);
    shell.type('\x03');
    shell.type('echo "ended with $?"\r');
    await shell.shows('ended with 130');
    shell.type('sleep 4713\r');
    await vi.waitFor(() => expect(processesOf('sleep 4713')).toHaveLength(1), 10_000);
    shell.type('\x1a');
    await shell.shows('Stopped');
    shell.type('exit 5\r');
    shell.type('exit 5\r');
    expect(await shell.ends()).toBe(5);
    expect(processesOf('sleep 4713')).toEqual([]);
    expect(leftOfShells()).toEqual([]);
  });

  it('goes on when Ctrl-C ends a command, and passes on its exit code', async () => {
    const shell = atTerminal([
      'shell',
      '--',
      'sh',
      '-c',
      'trap "exit 8" INT; echo "r"eady; sleep 60',
    ]);
    await shell.shows('ready');
    shell.type('\x03');
    expect(await shell.ends()).toBe(8);
    expect(leftOfShells()).toEqual([]);
  });

  it('leaves the terminal as it was, also when the shell is killed while it is set otherwise', async () => {
    const own = `${process.execPath} ${program} shell -- sh -c 'stty raw -echo; kill -9 $$'`;
    const script = `stty -g >before; ${own}; echo "it was $?"; stty -g >after`;
    terminal = startAtTerminal(['sh', '-c', script], { cwd: workspace.root, env: environment() });
    await terminal.shows('it was 137');
    await terminal.ends();
    const [before, after] = ['before', 'after'].map((name) =>
      readFileSync(join(workspace.root, name), 'utf8'),
    );
    expect(before).toMatch(/^[0-9a-f:]+\n$/u);
    expect(after).toBe(before);
  });

  it('is left alone by others, and by a second shell', async () => {
    const shell = atTerminal(['shell']);
    await shell.shows('leave with exit or Ctrl-D');
    shell.type('echo mine >mine; echo "is $((1 + 2))"\r');
    await shell.shows('is 3');
    expect(pikaci(['sweep'])).toMatchObject({ status: 0, stdout: 'nothing was left\n' });
    expect(pikaci(['gc', '--max-age', '1s']).status).toBe(0);
    expect(pikaci(['payload', 'gc', '--max-size', '1B']).status).toBe(0);
    const second = pikaci(['shell'], 'echo hello');
    expect(second).toMatchObject({ status: 2, stdout: '' });
    expect(second.stderr).toContain('There is a shell in job "unit" already');
    shell.type('cat mine ../tools/tool; exit\r');
    await shell.shows(/mine\s+built/u);
    expect(await shell.ends()).toBe(0);
    expect(leftOfShells()).toEqual([]);
  });

  it('is ended, with grace and then by force, when pikaci is asked to end, and leaves nothing', async () => {
    for (const [trap, exitCode] of [
      ['exit 7', 7],
      ['', 137],
    ] as const) {
      const script = `trap '${trap}' HUP; echo "pid $PPID."; while :; do sleep 0.1; done`;
      const shell = atTerminal(['shell', '--', 'sh', '-c', script]);
      await shell.shows(/pid \d+\./u);
      process.kill(Number(/pid (\d+)\./u.exec(shell.shown)?.[1]), 'SIGTERM');
      expect(await shell.ends()).toBe(exitCode);
      expect(leftOfShells()).toEqual([]);
    }
  });

  it('ends with a pikaci that is killed, and the next command removes what is left', async () => {
    const shell = atTerminal(['shell']);
    await shell.shows('leave with exit or Ctrl-D');
    // One that hears nothing of it when the terminal goes away.
    shell.type('setsid sleep 4714 & echo "pid $PPID."\r');
    await shell.shows(/pid \d+\./u);
    const [, pid = ''] = /pid (\d+)\./u.exec(shell.shown) ?? [];
    await vi.waitFor(() => expect(processesOf('sleep 4714')).toHaveLength(1), 10_000);
    process.kill(Number(pid), 'SIGKILL');
    await shell.ends();
    await vi.waitFor(() => expect(processesOf('sleep 4714')).toEqual([]), 10_000);
    expect(leftOfShells()).not.toEqual([]);
    const swept = pikaci(['run', 'fine']);
    expect(swept.status).toBe(0);
    expect(swept.stderr).toContain('the working tree of job unit');
    expect(leftOfShells()).toEqual([]);
  });
});
