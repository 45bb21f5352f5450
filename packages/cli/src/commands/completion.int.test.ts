import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

async function completion(...argv: readonly string[]) {
  const io = capturedIo();
  const code = await runCli(['completion', ...argv], io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

const isThere = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

/** What a shell says to a script. */
function inShell(shell: string, args: readonly string[], script: string) {
  const { status, stdout, stderr } = spawnSync(shell, args, { input: script, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('completion', () => {
  it('says which shells there are', async () => {
    const { code, stderr } = await completion('csh');
    expect(code).toBe(2);
    expect(stderr).toContain('bash, zsh, fish');
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script that %s can read', async (shell) => {
    const { code, stdout, stderr } = await completion(shell);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('--changed-since');
    if (!isThere(shell)) return;
    expect(inShell(shell, ['-n'], stdout)).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe.skipIf(!isThere('bash'))('the completion in bash', () => {
  /** The words that are offered for the last one of a line. */
  async function offered(...words: readonly string[]): Promise<string[]> {
    const { stdout } = await completion('bash');
    const line = words.map((word) => `'${word}'`).join(' ');
    const script = `${stdout}
complete -p pikaci >/dev/null || exit 9
COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}
_pikaci
((\${#COMPREPLY[@]})) && printf '%s\\n' "\${COMPREPLY[@]}"
exit 0
`;
    const ended = inShell('bash', ['--norc', '--noprofile'], script);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    return ended.stdout.split('\n').filter((word) => word !== '');
  }

  it('knows commands, and commands of commands', async () => {
    expect(await offered('pikaci', 'pl')).toEqual(['plan']);
    expect(await offered('pikaci', 'payload', 'ex')).toEqual(['explain']);
  });

  it('knows options, those of the program among them, and no hidden ones', async () => {
    expect(await offered('pikaci', 'list', '--st')).toEqual(['--status', '--state-root']);
    expect(await offered('pikaci', 'list', '--run')).toEqual([]);
    expect(await offered('pikaci', '--vers')).toEqual(['--version']);
  });

  it('knows the values of options, with a space or an equals sign', async () => {
    expect(await offered('pikaci', 'list', '--status', 'fa')).toEqual(['failed']);
    expect(await offered('pikaci', 'list', '--status', '=', 'fa')).toEqual(['failed']);
    expect(await offered('pikaci', 'list', '--format', '=')).toEqual(['tsv']);
  });

  it('passes over options and their values on the way to a command', async () => {
    expect(await offered('pikaci', '--cwd', 'payload', '--verbose', 'pl')).toEqual(['plan']);
    expect(await offered('pikaci', '--output', '=', 'json', 'logs', '--ki')).toEqual(['--kind']);
  });

  it('knows words for runs, and leaves the rest to the files', async () => {
    expect(await offered('pikaci', 'show', 'la')).toEqual(['latest', 'latest-failed']);
    expect(await offered('pikaci', 'run', '--changed-files', '')).toEqual([]);
  });
});
