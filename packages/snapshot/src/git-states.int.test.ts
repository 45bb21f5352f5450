import type { Snapshot } from '@pikaci/model';
import { createTestWorkspace, listTree, type TestWorkspace } from '@pikaci/testkit';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSnapshotStore } from './index.js';
import { useSnapshotRig } from './snapshot-rig.test.helper.js';

const rig = useSnapshotRig();
beforeEach(() => {
  rig.workspace.write('file', 'one');
  rig.workspace.write('dir/script', '#!/bin/sh\n');
  rig.workspace.commit();
});

const at = (path: string) => join(rig.workspace.root, path);
const own = / (pikaci-snapshot\.json|(.*\/)?\.git(\/.*)?)$/;
const contentOf = (dir: string) =>
  listTree(dir).filter((line) => !own.test(line) && !line.startsWith('directory'));

/** Takes a snapshot, and makes sure that it has the files that are there. */
async function take(root = rig.workspace.root): Promise<Snapshot> {
  const store = createSnapshotStore({ stateRoot: rig.stateRoot, makesSpares: true });
  const taken = await store.take(root);
  await store.close();
  if (!taken.ok) throw new Error(JSON.stringify(taken.error));
  expect(contentOf(taken.value.dir)).toEqual(contentOf(root));
  return taken.value;
}

describe('a workspace is dirty exactly when it differs from the head commit, with', () => {
  const changes: readonly [string, boolean, () => void][] = [
    ['no change at all', false, () => undefined],
    ['an untracked file alone', true, () => rig.workspace.write('new', 'n')],
    ['another mode alone', true, () => chmodSync(at('dir/script'), 0o755)],
    ['a deleted file', true, () => rmSync(at('file'))],
    [
      'a file that became a link',
      true,
      () => {
        rmSync(at('file'));
        symlinkSync('dir', at('file'));
      },
    ],
    [
      'a directory that became a link to one without its files',
      true,
      () => {
        rmSync(at('dir'), { recursive: true });
        symlinkSync('.', at('dir'));
      },
    ],
    [
      'a directory that became a file',
      true,
      () => {
        rmSync(at('dir'), { recursive: true });
        rig.workspace.write('dir', 'now a file');
      },
    ],
    [
      'a file that became a directory',
      true,
      () => {
        rmSync(at('file'));
        rig.workspace.write('file/below', 'now a directory');
      },
    ],
    [
      'a directory that became a link to a directory with the same files',
      true,
      () => {
        rig.workspace.git('mv', 'dir', 'moved');
        rig.workspace.git('reset', '--quiet');
        symlinkSync('moved', at('dir'));
      },
    ],
    [
      'a file that git is to add later',
      true,
      () => {
        rig.workspace.write('later', 'l');
        rig.workspace.git('add', '-N', 'later');
      },
    ],
    [
      'an empty file that git is to add later',
      true,
      () => {
        rig.workspace.write('later', '');
        rig.workspace.git('add', '-N', 'later');
      },
    ],
    ['a file that git no longer tracks', false, () => rig.workspace.git('rm', '--cached', 'file')],
    [
      'a staged change that was undone in the work tree',
      false,
      () => {
        rig.workspace.write('file', 'two');
        rig.workspace.git('add', 'file');
        rig.workspace.write('file', 'one');
      },
    ],
    [
      'a change of a file that git is to take for unchanged',
      true,
      () => {
        rig.workspace.git('update-index', '--assume-unchanged', 'file');
        rig.workspace.write('file', 'two');
      },
    ],
    [
      'a file that git is to take for unchanged, and that is',
      false,
      () => rig.workspace.git('update-index', '--assume-unchanged', 'file'),
    ],
    [
      'a change of a file that git is to skip',
      true,
      () => {
        rig.workspace.git('update-index', '--skip-worktree', 'file');
        rig.workspace.write('file', 'two');
      },
    ],
    [
      'a file that only was touched',
      false,
      () => {
        rmSync(at('file'));
        rig.workspace.write('file', 'one');
      },
    ],
  ];

  it.each(changes)('%s: %j', async (_title, dirty, change) => {
    change();
    expect((await take()).gitDirty).toBe(dirty);
    // The same again beside the first one: neither time nor store make a difference.
    expect((await take()).gitDirty).toBe(dirty);
  });

  it.each(changes)('%s, after a snapshot without it: %j', async (_title, dirty, change) => {
    const before = await take();
    const content = contentOf(before.dir);
    change();
    expect((await take()).gitDirty).toBe(dirty);
    expect(contentOf(before.dir)).toEqual(content);
  });
});

describe('a sparse checkout', () => {
  it.each([[[]], [['--sparse-index']]])('is taken as it is there, %j', async (options) => {
    rig.workspace.write('other/file', 'o');
    rig.workspace.write('dir/deep/file', 'd');
    rig.workspace.commit();
    rig.workspace.git('sparse-checkout', 'set', '--cone', ...options, 'dir');
    expect(existsSync(at('other'))).toBe(false);
    const status = rig.workspace.git('status', '--porcelain');
    const snapshot = await take();
    expect(snapshot.gitDirty).toBe(true);
    expect(rig.workspace.git('status', '--porcelain')).toBe(status);
  });
});

describe('a submodule', () => {
  let library: TestWorkspace;
  beforeEach(() => {
    library = createTestWorkspace({ git: true });
    library.write('lib/a', 'a');
    library.commit();
    const add = ['submodule', '--quiet', 'add', library.root, 'vendor/lib'];
    rig.workspace.git('-c', 'protocol.file.allow=always', ...add);
    rig.workspace.commit();
  });
  afterEach(() => library.remove());

  it('is in the snapshot with its files, and clean', async () => {
    const snapshot = await take();
    expect(snapshot.gitDirty).toBe(false);
    expect(readFileSync(join(snapshot.dir, 'vendor/lib/lib/a'), 'utf8')).toBe('a');
  });

  const inside = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], {
      cwd: at('vendor/lib'),
    });
  it.each<[string, () => void]>([
    ['a changed file', () => rig.workspace.write('vendor/lib/lib/a', 'b')],
    ['an untracked file', () => rig.workspace.write('vendor/lib/new', 'n')],
    [
      'another commit',
      () => (
        rig.workspace.write('vendor/lib/new', 'n'),
        inside('add', '.'),
        inside('commit', '-qm', 'x')
      ),
    ],
    ['nothing, since it was deleted', () => rmSync(at('vendor/lib'), { recursive: true })],
  ])('makes the workspace dirty with %s', async (_title, change) => {
    const before = await take();
    change();
    const after = await take();
    expect(after.gitDirty).toBe(true);
    expect(after.hash).not.toBe(before.hash);
  });

  it('that is not checked out has no files, and is clean', async () => {
    rig.workspace.git('submodule', '--quiet', 'deinit', '--force', 'vendor/lib');
    mkdirSync(at('vendor/lib'), { recursive: true });
    const snapshot = await take();
    expect(snapshot.gitDirty).toBe(false);
    expect(existsSync(join(snapshot.dir, 'vendor'))).toBe(false);
  });

  it('below the workspace is told from one beside it', async () => {
    rig.workspace.write('vendor/file', 'f');
    rig.workspace.commit();
    const vendor = await take(at('vendor'));
    rig.workspace.write('file', 'elsewhere');
    expect(await take(at('vendor'))).toMatchObject({ hash: vendor.hash, gitDirty: false });
    rig.workspace.write('vendor/lib/new', 'n');
    expect((await take(at('vendor'))).gitDirty).toBe(true);
    expect((await take(at('dir'))).gitDirty).toBe(false);
  });
});
