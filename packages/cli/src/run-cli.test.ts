import { describe, expect, it } from 'vitest';
import { capturedIo } from './captured-io.test.helper.js';
import { runCli } from './run-cli.js';

async function cli(...argv: string[]) {
  const io = capturedIo();
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

describe('the command line', () => {
  it('prints its version', async () => {
    const { code, stdout } = await cli('--version');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
  });

  it('prints help with every command, examples and exit codes', async () => {
    const { code, stdout, stderr } = await cli('--help');
    expect(code).toBe(0);
    for (const word of [
      'run',
      'plan',
      'list',
      'status',
      'logs',
      'attach',
      'cancel',
      'doctor',
      'Examples:',
      '124 ',
    ]) {
      expect(stdout).toContain(word);
    }
    expect(stderr).toBe('');
  });

  it('explains a command together with the global options', async () => {
    const { code, stdout } = await cli('run', '--help');
    expect(code).toBe(0);
    for (const option of [
      '--runtime',
      '--incus-socket',
      '--image',
      '--jobs',
      '--changed-since',
      '--changed-files',
      '--all',
      '--fail-on-skip',
      '--fail-fast',
      '--keep-going',
      '--timeout',
      '--state-root',
      '-C, --cwd',
    ]) {
      expect(stdout).toContain(option);
    }
  });

  it.each([
    [['rnu'], "unknown command 'rnu'", 'Did you mean run?'],
    [['run', '--runtme', 'incus'], "unknown option '--runtme'", 'Did you mean --runtime?'],
    [['run', '--runtime', 'docker'], 'Allowed choices are process, incus', ''],
    [['run', '--jobs', '0'], 'It must be a whole number from 1.', ''],
    [['run', '--jobs', '1.5'], 'It must be a whole number from 1.', ''],
    [['run', '--jobs'], "option '--jobs <n>' argument missing", ''],
    [['run', '--timeout', 'soon'], 'It must be a time such as 90s', ''],
    [['run', '--fail-fast', '--keep-going'], 'cannot be used with option', ''],
    [['attach', 'latest'], "required option '--job <id>' not specified", ''],
    [['cancel'], "missing required argument 'run'", ''],
    [['run', '--output', 'xml'], 'Allowed choices are human, quiet, github, json, jsonl', ''],
    [['run', '--all', '--changed-since', 'main'], 'cannot be used with option', ''],
    [['plan', '--all', '--changed-files', '-'], 'cannot be used with option', ''],
    [['run', '--changed-since', 'x', '--changed-files', 'y'], 'cannot be used with option', ''],
    [['report'], "missing required argument 'run'", ''],
    [['logs', 'latest', '--kind', 'all'], 'Allowed choices are host, guest, both', ''],
  ])('refuses %j as wrong usage', async (argv, message, suggestion) => {
    const { code, stdout, stderr } = await cli(...argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain(suggestion);
    expect(stderr).toContain('  next:  see npx pikaci ');
  });

  it.each([
    [['rnu'], 'npx pikaci --help'],
    [['report'], 'npx pikaci report --help'],
    [['payload', 'show'], 'npx pikaci payload show --help'],
  ])('leads from %j to the help that says more', async (argv, help) => {
    expect((await cli(...argv)).stderr).toContain(`  next:  see ${help}\n`);
  });

  it('tells programs of wrong usage in their format', async () => {
    const { code, stdout } = await cli('run', '--output', 'json', '--jobs', 'many');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'config' } });
    expect((await cli('run', '--nope', '--output=jsonl')).stdout.trim().split('\n')).toHaveLength(
      1,
    );
  });

  it('says that there is no help of what is no command', async () => {
    const { code, stdout, stderr } = await cli('help', 'stauts');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain("unknown command 'stauts'\n(Did you mean status?)");
    expect(stderr).not.toContain('Usage:');
    expect((await cli('help', 'status')).stdout).toContain('Usage: pikaci status');
  });

  it('does not look for anything above a directory that is not there', async () => {
    const { code, stderr } = await cli('-C', '/nowhere/to/be/found', 'list');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no directory /nowhere/to/be/found');
    // Nor can there be one of such a name.
    const long = await cli('-C', `/${'x'.repeat(300)}`, 'list');
    expect(long.code).toBe(2);
    expect(long.stderr).toContain('There is no directory /xxx');
  });

  it('shows help and fails when no command is given', async () => {
    const { code, stderr } = await cli();
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: pikaci');
  });
});

describe('an internal error', () => {
  it('is told apart from expected failures, without a stack', async () => {
    const io = capturedIo({ stdoutIsTerminal: true });
    const thrower = { ...io };
    Object.defineProperty(thrower, 'env', {
      get: () => {
        throw Object.assign(new Error('cannot happen'), { code: 'PIKACI_BUG' });
      },
    });
    expect(await runCli(['status', 'latest'], thrower)).toBe(3);
    expect(io.stderr.text).toContain('internal error: cannot happen (PIKACI_BUG)');
    expect(io.stderr.text).toContain('--debug');
    expect(io.stderr.text).not.toContain('    at ');
    expect(await runCli(['status', 'latest', '--debug'], thrower)).toBe(3);
    expect(io.stderr.text).toContain('    at ');
  });
});
