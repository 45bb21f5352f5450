import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliIo } from './io.js';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo, type CapturedIo } from './captured-io.test.helper.js';
import { runCli } from './run-cli.js';

const config = {
  schemaVersion: 1,
  defaultTarget: 'all',
  payloads: {
    tool: {
      kind: 'command',
      run: 'echo building tool; mkdir -p bin && printf "#!/bin/sh\\necho tool runs\\n" > bin/tool && chmod +x bin/tool',
      inputs: ['tool.txt'],
      output: 'bin',
      mounts: [{ name: 'tool', path: '.', workspacePath: 'tools' }],
    },
  },
  jobs: {
    unit: {
      description: 'uses the tool',
      run: './tools/tool && cat greeting.txt',
      payloads: ['tool'],
    },
    lint: { run: 'echo linted', needs: ['unit'] },
    red: { run: 'printf "\\033]0;owned\\007::error::red\\nno end"; exit 7' },
    slow: { run: 'sleep 60', timeoutSeconds: 1 },
    endless: { run: 'sleep 60' },
  },
  targets: { all: { description: 'what must be green', jobs: ['unit', 'lint'] } },
};

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write('tool.txt', '1\n');
  workspace.write('greeting.txt', 'hello from the workspace\n');
  workspace.commit();
});
afterEach(() => workspace.remove());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function ended(io: CapturedIo, argv: readonly string[]): Promise<Ended> {
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

const world = (given: Partial<CliIo> = {}) =>
  capturedIo({
    cwd: workspace.root,
    env: { PATH: process.env['PATH'] },
    uid: process.getuid?.() ?? null,
    ...given,
  });
const cli = (...argv: string[]) => ended(world(), argv);
const parsed = (text: string) => JSON.parse(text) as Record<string, unknown>;
const stateRoot = () => join(workspace.root, '.pikaci');

/** Nothing was run: there is no record. */
function expectNothingWritten() {
  expect(existsSync(join(stateRoot(), 'runs'))).toBe(false);
}

describe('run', () => {
  it('runs the default target with its payload, records it, and reuses the payload the next time', async () => {
    const first = await cli('run');
    expect(first.stderr).toBe('');
    expect(first.stdout).toContain('✓ payload tool built in');
    expect(first.stdout).toMatch(/✓ unit passed in [\s\S]*✓ lint passed in/u);
    expect(first.stdout).toContain('passed in');
    expect(first.code).toBe(0);
    const second = await cli('run', '--verbose');
    expect(second.code).toBe(0);
    expect(second.stdout).toContain('✓ payload tool reused');
    // Lines of events, which are on disk before they are shown, may come between.
    const printed = second.stdout.split('\n').filter((line) => line.startsWith('unit | '));
    expect(printed).toEqual(['unit | tool runs', 'unit | hello from the workspace']);

    const status = await cli('status', 'latest');
    expect(status.code).toBe(0);
    expect(status.stdout).toMatch(/✓ unit passed {2}\S+, \S+, exit code 0/u);
    expect(status.stdout).toContain('tool  reused');
    const record = parsed((await cli('status', 'latest', '--json')).stdout);
    expect(record).toMatchObject({ status: 'passed', target_id: 'all' });
    const runDir = join(stateRoot(), 'runs', String(record['run_id']));
    expect(record).toEqual(parsed(readFileSync(join(runDir, 'run.json'), 'utf8')));

    const raw = await cli('logs', 'latest', '--job', 'unit', '--kind', 'guest');
    expect(raw.stdout).toBe('tool runs\nhello from the workspace\n');
    const all = await cli('logs', 'latest');
    for (const title of ['unit host', 'unit guest', 'lint host', 'lint guest']) {
      expect(all.stdout).toMatch(new RegExp(`^== ${title} ==$`, 'mu'));
    }

    const list = parsed((await cli('list', '--json')).stdout);
    expect(Object.keys(list)).toEqual(['schema_version', 'targets', 'jobs', 'runs', 'damaged']);
    expect(list['runs']).toHaveLength(2);
    expect(list['targets']).toMatchObject([
      { id: 'all', is_default: true, jobs: ['unit', 'lint'] },
    ]);
    const shown = await cli('list', '--runs', '1');
    expect(shown.stdout).toContain('all (default)  unit, lint  what must be green');
    expect(shown.stdout).toContain(String(record['run_id']));
  });

  it('shows the end of the output of a failed job, made harmless, and keeps the raw bytes', async () => {
    const { code, stdout } = await cli('run', 'red');
    expect(code).toBe(1);
    expect(stdout).toContain('✗ red failed after');
    expect(stdout).toContain('  | \\::error::red\n  | no end\n');
    expect(stdout).toContain('--job red');
    const raw = await cli('logs', 'latest', '--job', 'red', '--kind', 'guest');
    expect(raw.stdout).toBe('\u001b]0;owned\u0007::error::red\nno end');
    const io = world({ stdoutIsTerminal: true });
    await runCli(['logs', 'latest', '--job', 'red', '--kind', 'guest'], io);
    expect(io.stdout.text).toBe('\\::error::red\nno end\n');
  });

  it('ends with 124 when a job runs into its timeout, and says so', async () => {
    const { code, stdout } = await cli('run', 'slow');
    expect(stdout).toContain('⧖ slow timed out');
    expect(code).toBe(124);
  });

  it('ends with 130 when it is cancelled, and records that', async () => {
    const io = world({ stdoutIsTerminal: false });
    const running = ended(io, ['run', 'endless', '--output', 'jsonl']);
    await expect.poll(() => io.stdout.text, { timeout: 20_000 }).toContain('"event":"job_started"');
    io.signals.emit('SIGINT');
    io.signals.emit('SIGINT');
    const { code, stdout, stderr } = await running;
    expect(code).toBe(130);
    expect(io.exits).toEqual([]);
    expect(stderr).toContain('cancelling… (again to stop at once)');
    expect(stdout).toContain('"event":"cancel_requested"');
    expect(io.signals.eventNames()).toEqual([]);
    const record = parsed((await cli('status', 'latest', '--json')).stdout);
    expect(record).toMatchObject({ status: 'failed', failure_kind: 'cancelled' });
  });

  it('gives programs the record alone as json, and the events as jsonl', async () => {
    const json = await cli('run', 'lint', '--output', 'json');
    expect(json.code).toBe(0);
    expect(parsed(json.stdout)).toMatchObject({ status: 'passed', target_id: null });
    const jsonl = await cli('run', 'lint', '--output', 'jsonl');
    const events = jsonl.stdout
      .trimEnd()
      .split('\n')
      .map((line) => parsed(line)['event']);
    expect(events[0]).toBe('run_started');
    expect(events.at(-1)).toBe('run_finished');
  });

  it('takes the state root from the flag, else from the environment', async () => {
    const elsewhere = createTestWorkspace();
    const env = { PATH: process.env['PATH'], PIKACI_STATE_ROOT: join(elsewhere.root, 'env') };
    const flag = ['--state-root', join(elsewhere.root, 'flag')];
    expect((await ended(world({ env }), ['run', 'lint'])).code).toBe(0);
    expect((await ended(world({ env }), ['run', 'lint', ...flag])).code).toBe(0);
    expect(readdirSync(elsewhere.root).sort()).toEqual(['env', 'flag']);
    expectNothingWritten();
    elsewhere.remove();
  });
});

describe('plan', () => {
  it('gives the same bytes for the same inputs, and writes nothing', async () => {
    const first = await cli('plan', '--json');
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect((await cli('plan', '--json')).stdout).toBe(first.stdout);
    expect(parsed(first.stdout)).toMatchObject({
      run_id: null,
      created_at: null,
      target_id: 'all',
    });
    expect(existsSync(stateRoot())).toBe(false);
  });

  it('shows people the nodes in order, and with --verbose all about them', async () => {
    const table = await cli('plan');
    expect(table.stdout).toMatch(
      /\n {2}prepare-tool [^\n]*\n {2}execute-unit [^\n]*\n {2}execute-lint /u,
    );
    const { code, stdout } = await cli('plan', '--verbose');
    expect(code).toBe(0);
    expect(stdout).toMatch(/1\. prepare-tool[\s\S]*2\. execute-unit[\s\S]*3\. execute-lint/u);
    expect(stdout).toMatch(/mount +tool at .*jobs\/unit\/staged\/tool/u);
  });

  it('plans every job on the runtime that is asked for', async () => {
    const { code, stdout } = await cli('plan', '--json', '--runtime', 'incus', '--image', 'debian');
    expect(code).toBe(0);
    expect(stdout).toContain('"prepare-unit-runner"');
  });
});

describe('bad input', () => {
  it.each([
    ['an unknown name', ['run', 'nope'], 'There is no target or job "nope"', 'unit'],
    [
      'an Incus runtime without image',
      ['run', '--runtime', 'incus'],
      'The Incus runtime has no image',
      '--image',
    ],
    ['a missing configuration', ['run', '--config', 'nope.json'], 'nope.json', 'next:'],
    [
      'a directory that is not there',
      ['run', '-C', 'nope', '--config', 'x.json'],
      'There is no directory',
      'next:',
    ],
  ])('is refused with 2 before anything is written: %s', async (_, argv, message, hint) => {
    const { code, stderr, stdout } = await cli(...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/^ +at /mu);
    expect(stdout).toBe('');
    expectNothingWritten();
  });

  it('names file, line and column of a broken configuration', async () => {
    workspace.write('pikaci.config.json', '{\n  "schemaVersion": 1,\n  "jobz": {}\n}\n');
    const { code, stderr } = await cli('run');
    expect(code).toBe(2);
    expect(stderr).toContain('pikaci.config.json:3:');
  });

  it('is told to programs as json', async () => {
    const { code, stdout } = await cli('run', 'nope', '--output', 'json');
    expect(code).toBe(2);
    expect(parsed(stdout)).toMatchObject({ error: { kind: 'selection' } });
  });

  it('ends with 3 when the state root cannot be made', async () => {
    const { code, stderr } = await cli('run', 'lint', '--state-root', 'greeting.txt/state');
    expect(code).toBe(3);
    expect(stderr).toContain('greeting.txt');
  });

  it('ends with 3 when the Incus server cannot be reached', async () => {
    const socket = join(workspace.root, 'no.socket');
    const argv = [
      'run',
      'lint',
      '--runtime',
      'incus',
      '--image',
      'debian',
      '--incus-socket',
      socket,
    ];
    const { code, stdout } = await cli(...argv);
    expect(code).toBe(3);
    expect(stdout).toContain('infrastructure failure');
    expect(stdout).toContain(socket);
  });

  it('ends with 1 when a payload cannot be built, and shows why', async () => {
    const broken = { ...config.payloads.tool, run: 'echo cannot build; exit 3' };
    workspace.write(
      'pikaci.config.json',
      JSON.stringify({ ...config, payloads: { tool: broken } }),
    );
    const { code, stdout } = await cli('run');
    expect(code).toBe(1);
    expect(stdout).toContain('✗ prepare-tool failed');
    expect(stdout).toContain('| cannot build');
  });

  it('answers for runs and jobs that do not exist', async () => {
    expect(await cli('status', 'latest')).toMatchObject({ code: 2 });
    expect((await cli('run', 'lint')).code).toBe(0);
    const logs = await cli('logs', 'latest', '--job', 'nope');
    expect(logs.code).toBe(2);
    expect(logs.stderr).toContain('unit, lint');
    expect((await cli('status', '2020')).code).toBe(2);
  });
});

describe('plan --graph', () => {
  it('draws what waits for what, for Mermaid and for Graphviz, and changes nothing', async () => {
    const mermaid = await cli('plan', 'all', '--graph', 'mermaid');
    expect(mermaid).toMatchObject({ code: 0, stderr: '' });
    expect(mermaid.stdout).toBe(
      [
        'flowchart LR',
        '  n0(["payload tool"])',
        '  n1["unit"]',
        '  n2["lint"]',
        '  n0 --> n1',
        '  n1 --> n2',
        '',
      ].join('\n'),
    );
    expect((await cli('plan', 'all', '--graph', 'dot')).stdout).toBe(
      [
        'digraph plan {',
        '  rankdir=LR;',
        '  n0 [label="payload tool", shape=ellipse];',
        '  n1 [label="unit", shape=box];',
        '  n2 [label="lint", shape=box];',
        '  n0 -> n1;',
        '  n1 -> n2;',
        '}',
        '',
      ].join('\n'),
    );
    expect((await cli('plan', '--graph', 'ascii')).code).toBe(2);
    expect(await cli('plan', '--graph', 'dot', '--json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There can be only one format') as string,
    });
    expect(existsSync(join(workspace.root, '.pikaci'))).toBe(false);
  });
});

describe('logs without a run', () => {
  it('are those of the failed jobs of the latest run, or of all its jobs when none failed', async () => {
    const run = 'echo "$PIKACI_JOB_ID ran"; [ "$PIKACI_JOB_ID" != bad ]';
    const all = { jobs: ['good', 'bad'] };
    const jobs = { good: { run }, bad: { run } };
    const written = JSON.stringify({ schemaVersion: 1, jobs, targets: { all } });
    workspace.write('pikaci.config.json', written);
    expect((await cli('run', 'all')).code).toBe(1);
    expect((await cli('logs', '--kind', 'guest')).stdout).toBe('bad ran\n');
    expect((await cli('logs', 'latest', '--kind', 'guest', '--failed')).stdout).toBe('bad ran\n');
    expect((await cli('logs', 'latest', '--kind', 'guest')).stdout).toContain('good ran');
    expect((await cli('logs', '--kind', 'guest', '--job', 'good')).stdout).toBe('good ran\n');
    expect((await cli('logs', 'latest', '--failed', '--job', 'good')).code).toBe(2);
    expect((await cli('run', 'good')).code).toBe(0);
    expect((await cli('logs', '--kind', 'guest')).stdout).toBe('good ran\n');
    expect((await cli('logs', 'latest-failed', '--kind', 'guest', '--failed')).stdout).toBe(
      'bad ran\n',
    );
  });
});

describe('logs of attempts', () => {
  it('shows those of the attempt that is asked for, the last one unless told', async () => {
    const marker = join(workspace.root, '.pikaci/tried');
    const run = `if [ -e ${marker} ]; then echo second; else echo first; : > ${marker}; exit 1; fi`;
    const job = { run, retry: { job: 1 } };
    workspace.write('pikaci.config.json', JSON.stringify({ schemaVersion: 1, jobs: { job } }));
    expect((await cli('run', 'job')).code).toBe(0);
    const logs = (...argv: readonly string[]) =>
      cli('logs', 'latest', '--job', 'job', '--kind', 'guest', ...argv);
    expect((await logs()).stdout).toBe('second\n');
    expect((await logs('--attempt', '2')).stdout).toBe('second\n');
    expect((await logs('--attempt', '1')).stdout).toBe('first\n');
    const none = await logs('--attempt', '3');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('It has 1, 2.');
    const unnamed = await cli('logs', 'latest', '--attempt', '1');
    expect(unnamed.code).toBe(2);
    expect(unnamed.stderr).toContain('--job');
  });
});

describe('doctor', () => {
  it('is content with a machine on which the default runtime works', async () => {
    const { code, stdout } = await cli('doctor', '--incus-socket', '/nowhere/unix.socket');
    expect(stdout).toMatch(/^ok +node/mu);
    expect(stdout).toMatch(/^ok +git/mu);
    expect(stdout).toMatch(/^ok +configuration/mu);
    expect(stdout).toMatch(/^missing +incus server/mu);
    expect(code).toBe(0);
  });

  it('ends with 3 when the chosen runtime lacks something', async () => {
    const argv = [
      'doctor',
      '--json',
      '--runtime',
      'incus',
      '--incus-socket',
      '/nowhere/unix.socket',
    ];
    const { code, stdout } = await cli(...argv);
    expect(code).toBe(3);
    expect(parsed(stdout)['checks']).toContainEqual(
      expect.objectContaining({ name: 'incus server', status: 'missing', required: true }),
    );
  });
});
