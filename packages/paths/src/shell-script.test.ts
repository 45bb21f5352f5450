import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shellProgram, shellScript, type ShellStart } from './shell-script.js';

let tree: string;
beforeEach(() => {
  tree = realpathSync(mkdtempSync(join(tmpdir(), 'pikaci-shell-')));
  mkdirSync(join(tree, "it's here"));
});
afterEach(() => rmSync(tree, { recursive: true }));

function open(start: Partial<ShellStart>, args: readonly string[], input = '', path?: string) {
  const script = shellScript({ shell: null, directory: null, ...start });
  const env = { PATH: path ?? process.env['PATH'] };
  const ran = spawnSync('/bin/sh', ['-c', script, 'sh', ...args], { cwd: tree, input, env });
  return { status: ran.status, stdout: ran.stdout.toString() };
}

describe('a shell script', () => {
  it('runs a command with its arguments as they are', () => {
    const { status, stdout } = open({}, ['printf', '<%s>', 'a b', '$HOME', '--']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '<a b><$HOME><-->' });
    expect(open({}, ['false']).status).toBe(1);
    expect(open({}, ['no-such-program']).status).toBe(127);
  });

  it('becomes a shell that reads what is typed, and ends with its status', () => {
    const { status, stdout } = open({}, [], 'echo typed\nexit 7\n');
    expect({ status, stdout }).toEqual({ status: 7, stdout: 'typed\n' });
  });

  it('tries the wanted shell first, and takes one that is there', () => {
    const program = join(tree, 'mysh');
    writeFileSync(program, '#!/bin/sh\necho mine\n', { mode: 0o755 });
    expect(open({ shell: program }, []).stdout).toBe('mine\n');
    expect(open({ shell: '/no/such/zsh' }, [], 'echo other\n').stdout).toBe('other\n');
    expect(open({}, [], '', '/nowhere').status).toBe(127);
  });

  it('starts in the wanted directory, and at the root where that is gone', () => {
    expect(open({ directory: "it's here" }, ['pwd']).stdout).toBe(`${tree}/it's here\n`);
    expect(open({ directory: 'gone' }, ['pwd']).stdout).toBe(`${tree}\n`);
  });
});

describe('the shell of a job', () => {
  it.each([
    ['bash -euo pipefail', 'bash'],
    ['/usr/bin/zsh', '/usr/bin/zsh'],
    ['sh', 'sh'],
    ['python3 -u', null],
    ['node', null],
    [undefined, null],
  ])('of the setting %s is %s', (setting, expected) => {
    expect(shellProgram(setting)).toBe(expected);
  });
});
