import type { Snapshot } from '@pikaci/model';
import { createTestWorkspace, listTree, type TestWorkspace } from '@pikaci/testkit';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSnapshotStore, type SnapshotGlobs } from './index.js';

let workspace: TestWorkspace;
let stateRoot: string;
beforeEach(() => {
  stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-state-'));
});
afterEach(() => {
  workspace.remove();
  rmSync(stateRoot, { recursive: true, force: true });
});

async function take(globs: SnapshotGlobs, state = stateRoot): Promise<Snapshot> {
  const store = createSnapshotStore({ stateRoot: state, globs });
  const taken = await store.take(workspace.root);
  if (!taken.ok) throw new Error(JSON.stringify(taken.error));
  const copy = await store.identify(taken.value.dir);
  expect(copy.ok && copy.value.hash).toBe(taken.value.hash);
  return taken.value;
}

/** The files of a snapshot, without the marker. */
async function filesWith(globs: SnapshotGlobs, state?: string): Promise<readonly string[]> {
  const { dir } = await take(globs, state);
  return listTree(dir)
    .filter((line) => !line.startsWith('directory'))
    .map((line) => line.replace(/^(link to \S+|\S+ \S+) /, ''))
    .filter((path) => path !== 'pikaci-snapshot.json');
}

describe.each([
  ['with git', true],
  ['without git', false],
])('globs of a workspace %s', (_title, git) => {
  beforeEach(() => {
    workspace = createTestWorkspace({ git });
    workspace.write('.gitignore', 'out/\n*.env\n');
    workspace.write('a.ts', 'a');
    workspace.write('docs/a.md', 'a');
    workspace.write('docs/api.md', 'b');
    workspace.write('out/gen/x.ts', 'x', 0o755);
    workspace.write('out/other', 'o');
    workspace.write('app/test.env', 'e');
    if (git) workspace.commit();
    workspace.write('new/y.ts', 'y');
    workspace.write('new/y.md', 'y');
  });

  const usual = ['.gitignore', 'a.ts', 'docs/a.md', 'docs/api.md', 'new/y.md', 'new/y.ts'];

  it('include files that git ignores, and no others', async () => {
    expect(await filesWith({})).toEqual(usual);
    expect(await filesWith({ include: ['out/gen/**'] })).toEqual([...usual, 'out/gen/x.ts']);
    const anywhere = await filesWith({ include: ['**/*.env', 'out/other'] });
    expect(anywhere).toEqual([...usual, 'app/test.env', 'out/other'].sort());
  });

  it('take back with ! what they include', async () => {
    const files = await filesWith({ include: ['out/**', '!out/gen/**'] });
    expect(files).toEqual([...usual, 'out/other']);
  });

  it('exclude tracked, untracked and included files alike', async () => {
    const files = await filesWith({
      include: ['out/'],
      exclude: ['**/*.md', '!docs/api.md', 'out/gen/'],
    });
    expect(files).toEqual(['.gitignore', 'a.ts', 'docs/api.md', 'new/y.ts', 'out/other']);
  });

  it('change the hash exactly when they change the files', async () => {
    const { hash } = await take({});
    expect((await take({ include: ['nothing/**'], exclude: ['no/such/file'] })).hash).toBe(hash);
    const included = await take({ include: ['out/other'] });
    expect(included.hash).not.toBe(hash);
    expect((await take({ exclude: ['docs/**'] })).hash).not.toBe(hash);
    workspace.write('out/other', 'changed');
    expect((await take({ include: ['out/other'] })).hash).not.toBe(included.hash);
    expect((await take({})).hash).toBe(hash);
  });

  it('never bring the state root or a marker into a snapshot', async () => {
    const inside = join(workspace.root, 'out/state');
    writeFileSync(join(workspace.root, 'pikaci-snapshot.json'), '{}');
    await filesWith({ include: ['**'] }, inside);
    const files = await filesWith({ include: ['**'] }, inside);
    expect(files).toEqual([...usual, 'app/test.env', 'out/gen/x.ts', 'out/other'].sort());
  });

  it('reach into repositories inside, ignored or not', async () => {
    const addRepository = (path: string) => {
      const inner = createTestWorkspace({ git: true });
      inner.write('.gitignore', '*.log\n');
      inner.write('lib/a.ts', 'a');
      inner.write('lib/a.md', 'a');
      inner.commit();
      inner.write('b.log', 'b');
      renameSync(inner.root, join(workspace.root, path));
    };
    mkdirSync(join(workspace.root, 'out/deep'));
    addRepository('vendor');
    addRepository('out/deep/repo');
    const files = await filesWith({
      include: ['vendor/*.log', 'out/deep/repo/lib/**', 'out/deep/repo/b.log'],
      exclude: ['**/*.md'],
    });
    expect(files.filter((path) => /^(vendor|out)/.test(path))).toEqual([
      'out/deep/repo/b.log',
      'out/deep/repo/lib/a.ts',
      'vendor/.gitignore',
      'vendor/b.log',
      'vendor/lib/a.ts',
    ]);
  });
});

describe('whether a workspace with globs is dirty', () => {
  const dirty = async (globs: SnapshotGlobs) => (await take(globs)).gitDirty;
  beforeEach(() => {
    workspace = createTestWorkspace({ git: true });
    workspace.write('.gitignore', 'ignored\n');
    workspace.write('a.ts', 'a');
    workspace.write('a.md', 'a');
    workspace.commit();
  });

  it('follows from the files that count', async () => {
    expect(await dirty({ exclude: ['*.md'] })).toBe(false);
    workspace.write('a.md', 'changed');
    workspace.write('new.md', 'new');
    expect(await dirty({ exclude: ['*.md'] })).toBe(false);
    expect(await dirty({})).toBe(true);
    workspace.git('add', '--all');
    expect(await dirty({ exclude: ['*.md'] })).toBe(false);
    workspace.write('a.ts', 'changed');
    expect(await dirty({ exclude: ['*.md'] })).toBe(true);
  });

  it('is true with an included file, which the head commit does not have', async () => {
    expect(await dirty({ include: ['ignored'] })).toBe(false);
    workspace.write('ignored', 'i');
    expect(await dirty({})).toBe(false);
    expect(await dirty({ include: ['ignored'] })).toBe(true);
  });
});
