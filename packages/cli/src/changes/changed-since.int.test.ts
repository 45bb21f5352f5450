import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedSince } from './changed-since.js';

let repository: TestWorkspace;
beforeEach(() => {
  repository = createTestWorkspace({ git: true });
  repository.write('.gitignore', '.pikaci\nignored\n');
  for (const name of ['kept', 'edited', 'staged', 'deleted', 'moved', 'web/kept']) {
    repository.write(name, `${name}\n`.repeat(20));
  }
  repository.commit();
});
afterEach(() => repository.remove());

/** Asks in the repository, or in a directory below it. */
function ask(revision: string, below = '.', env: Record<string, string> = {}) {
  const workspaceRoot = join(repository.root, below);
  return changedSince(
    {
      workspaceRoot,
      stateRoot: join(workspaceRoot, 'state'),
      env: { PATH: process.env['PATH'], HOME: repository.root, ...env },
    },
    revision,
  );
}

const known = (...files: string[]) => ({ ok: true, value: { kind: 'known', files } });
/** A repository with one file and one commit, inside the other one. */
function nestedRepository(path: string) {
  const cwd = join(repository.root, path);
  mkdirSync(cwd, { recursive: true });
  repository.write(`${path}/inner/file`, 'inner\n');
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  const git = (...args: string[]) => execFileSync('git', [...identity, ...args], { cwd });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message=inner');
}

describe('changedSince', () => {
  it('finds nothing in a clean tree', async () => {
    expect(await ask('HEAD')).toEqual(known());
  });

  it('finds edited, staged, deleted, renamed and untracked files, and no ignored ones', async () => {
    repository.write('edited', 'new\n');
    repository.write('staged', 'new\n');
    repository.git('add', 'staged');
    rmSync(join(repository.root, 'deleted'));
    renameSync(join(repository.root, 'moved'), join(repository.root, 'there'));
    repository.git('add', '--all', 'moved', 'there');
    repository.write('new\nline "ä"', 'x');
    repository.write('ignored', 'x');
    repository.write('state/runs/run.json', 'x');
    expect(await ask('HEAD')).toEqual(
      known('deleted', 'edited', 'moved', 'new\nline "ä"', 'staged', 'there'),
    );
  });

  it('takes what was committed since the branches parted, and not what the other one got since', async () => {
    repository.git('checkout', '--quiet', '-b', 'branch');
    repository.write('web/mine', 'x');
    repository.commit();
    repository.git('checkout', '--quiet', 'main');
    repository.write('theirs', 'x');
    repository.commit();
    repository.git('checkout', '--quiet', 'branch');
    expect(await ask('main')).toEqual(known('web/mine'));
    expect(await ask('branch')).toEqual(known());
  });

  it('takes a file that only was touched for unchanged, and writes nothing', async () => {
    const long = new Date('2001-01-01');
    utimesSync(join(repository.root, 'kept'), long, long);
    const index = join('.git', 'index');
    const before = repository.git('hash-object', index);
    expect(await ask('HEAD')).toEqual(known());
    expect(repository.git('hash-object', index)).toBe(before);
  });

  it('names files relative to a workspace below the root of the repository, and no others', async () => {
    repository.write('edited', 'new\n');
    repository.write('web/kept', 'new\n');
    repository.write('web/new', 'new\n');
    repository.git('config', 'diff.relative', 'false');
    expect(await ask('HEAD', 'web')).toEqual(known('kept', 'new'));
  });

  it('is not led astray by settings of the user and by the environment of a hook', async () => {
    repository.write('web/kept', 'new\n');
    repository.git('config', 'diff.external', 'false');
    repository.git('config', 'diff.renames', 'copies');
    repository.git('config', 'diff.noprefix', 'true');
    repository.git('config', 'core.fsmonitor', '/nowhere/monitor');
    const env = { GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index', GIT_PREFIX: 'web/' };
    expect(await ask('HEAD', '.', env)).toEqual(known('web/kept'));
  });

  it('counts all files of a nested repository in which something changed', async () => {
    nestedRepository('sub');
    nestedRepository('sub/deeper');
    expect(await ask('HEAD')).toEqual(
      known('sub', 'sub/deeper', 'sub/deeper/inner/file', 'sub/inner/file'),
    );
    repository.commit();
    expect(await ask('HEAD')).toMatchObject({
      value: {
        kind: 'known',
        files: ['sub', 'sub/deeper', 'sub/deeper/inner/file', 'sub/inner/file'],
      },
    });
    rmSync(join(repository.root, 'sub/deeper'), { recursive: true });
    expect(await ask('HEAD')).toEqual(known());
    repository.write('sub/inner/file', 'new\n');
    expect(await ask('HEAD')).toEqual(known('sub', 'sub/inner/file'));
    rmSync(join(repository.root, 'sub'), { recursive: true });
    expect(await ask('HEAD')).toEqual(known('sub'));
  });

  it('knows nothing where histories have no common ancestor, or git ignores the workspace', async () => {
    repository.git('checkout', '--quiet', '--orphan', 'other');
    expect(await ask('main')).toEqual({
      ok: true,
      value: { kind: 'unknown', why: 'main and HEAD have no common ancestor here' },
    });
    repository.write('ignored/file', 'x');
    expect(await ask('main', 'ignored')).toEqual({
      ok: true,
      value: { kind: 'unknown', why: 'git ignores the workspace' },
    });
  });

  it.each(['nope', '', '--all', '-x', '^main', 'main..HEAD', 'main:kept', 'HEAD@{upstream}'])(
    'refuses %j, which names no commit, and says what to do',
    async (revision) => {
      expect(await ask(revision)).toMatchObject({
        ok: false,
        error: {
          kind: 'selection',
          message: `The revision "${revision}" of --changed-since names no commit`,
          hint: expect.stringContaining('git fetch') as string,
        },
      });
    },
  );

  it('says that there is no commit yet to compare with', async () => {
    repository.git('update-ref', '-d', 'HEAD');
    expect(await ask('HEAD')).toMatchObject({
      ok: false,
      error: { kind: 'selection', hint: expect.stringContaining('no commit yet') as string },
    });
  });

  it('refuses a revision where there is no repository', async () => {
    rmSync(join(repository.root, '.git'), { recursive: true });
    const ceiling = { GIT_CEILING_DIRECTORIES: join(repository.root, '..') };
    expect(await ask('main', '.', ceiling)).toMatchObject({
      ok: false,
      error: { kind: 'selection', hint: expect.stringContaining('--changed-files') as string },
    });
  });
});
