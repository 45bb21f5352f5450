import type { JobConfig } from '@pikaci/model';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { jobScript } from './job-script.js';

type Parts = Pick<JobConfig, 'run' | 'shell' | 'cwd'>;

function sh(parts: Parts, input = '') {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', jobScript(parts)], {
    cwd: '/usr',
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the script of a job', () => {
  it('is its command where there is nothing more to it', () => {
    expect(jobScript({ run: 'a\nb' })).toBe('a\nb');
  });

  it('starts in its directory, and fails where there is none', () => {
    expect(sh({ run: 'pwd', cwd: 'lib' }).stdout).toBe('/usr/lib\n');
    const none = sh({ run: 'echo never', cwd: "no 'such" });
    expect(none.stdout).toBe('');
    expect(none.status).not.toBe(0);
  });

  it('runs steps under headings until one fails, with the exit code of that', () => {
    const run = ['echo one', { name: 'the second', run: 'echo two; exit 7' }, 'echo three'];
    expect(sh({ run })).toEqual({
      status: 7,
      stdout: '==> echo one\none\n==> the second\ntwo\n',
      stderr: '',
    });
    expect(sh({ run: ['true', 'echo $((1+1))'] })).toMatchObject({ status: 0 });
  });

  it('gives each step a shell of its own, the same input, and the directory of the job', () => {
    const run = ['x=1; cd /; read line; echo "$line"', 'echo "[$x]"; pwd; cat'];
    const { stdout } = sh({ run, cwd: 'lib' }, 'first\nsecond\n');
    expect(stdout.split('\n').filter((line) => !line.startsWith('==>'))).toEqual([
      'first',
      '[]',
      '/usr/lib',
      'second',
      '',
    ]);
  });

  it('is run by another shell with its options', () => {
    const strict = sh({ run: 'false\necho never', shell: 'sh -e' });
    expect(strict).toMatchObject({ status: 1, stdout: '' });
    expect(sh({ run: ['false\necho never', 'echo next'], shell: 'sh -e' }).stdout).toBe(
      '==> false\n',
    );
  });

  it.each(['Pä', 'PIKACI_STEPä', 'PIKACI_STEP_ä\nPIKACI_STEP', 'Pä\nAä\nBPIKACIä'])(
    'gives its shell %s, which the end of a here-document has in common with it, byte for byte',
    (text) => {
      const run = [{ name: 'n', run: text }];
      expect(sh({ run, shell: 'cat' }).stdout).toBe(`==> n\n${text}\n`);
    },
  );

  it('gives every command to its shell byte for byte', () => {
    const pieces = fc.constantFrom(
      '$x',
      '`',
      "'",
      '"',
      '\\',
      'PIKACI_STEP',
      'P',
      '\n',
      ' ',
      'ä',
      '${y}',
    );
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1 }), (words) => {
        const text = `#${words.join('')}`;
        const run = [{ name: 'n', run: text }];
        expect(sh({ run, shell: 'cat' }).stdout).toBe(`==> n\n${text}\n`);
      }),
      { numRuns: 60 },
    );
  });
});
