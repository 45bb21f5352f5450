import type { SnapshotIdentity } from '@pikaci/model';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSnapshotStore } from './index.js';

let workspace: TestWorkspace;
let stateRoot: string;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-state-'));
});
afterEach(() => {
  workspace.remove();
  rmSync(stateRoot, { recursive: true, force: true });
});

async function identify(root = workspace.root, state = stateRoot): Promise<SnapshotIdentity> {
  const identity = await createSnapshotStore({ stateRoot: state }).identify(root);
  if (!identity.ok) throw new Error(JSON.stringify(identity.error));
  return identity.value;
}

/** True when `change` changes the identity. */
async function matters(change: () => void): Promise<boolean> {
  const before = await identify();
  change();
  return (await identify()).hash !== before.hash;
}

/** Every path below a directory with what a write would change. */
function listing(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const found = lstatSync(join(dir, path), { bigint: true });
      return `${path} ${found.mode} ${found.size} ${found.mtimeNs}`;
    });
}

describe('the identity of a workspace', () => {
  it('is 64 hex digits and names its method', async () => {
    workspace.write('a', 'a');
    const identity = await identify();
    expect(identity.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(identity).toMatchObject({ hashVersion: 'git-tree-v2', sourceRoot: workspace.root });
  });

  it('covers untracked files and not ignored ones', async () => {
    workspace.write('.gitignore', 'ignored\n');
    workspace.commit();
    expect(await matters(() => workspace.write('untracked', 'u'))).toBe(true);
    expect(await matters(() => workspace.write('ignored', 'i'))).toBe(false);
  });

  it('covers contents, the executable bit, link targets, names and deletions', async () => {
    workspace.write('file', 'one');
    workspace.write('script', '#!/bin/sh\n', 0o644);
    symlinkSync('file', join(workspace.root, 'link'));
    workspace.commit();
    const path = (name: string) => join(workspace.root, name);
    expect(await matters(() => workspace.write('file', 'two'))).toBe(true);
    expect(await matters(() => chmodSync(path('script'), 0o755))).toBe(true);
    expect(
      await matters(() => {
        rmSync(path('link'));
        symlinkSync('script', path('link'));
      }),
    ).toBe(true);
    expect(await matters(() => renameSync(path('file'), path('other')))).toBe(true);
    expect(await matters(() => rmSync(path('script')))).toBe(true);
  });

  it('does not cover times, owners and empty directories', async () => {
    workspace.write('file', 'one');
    workspace.commit();
    expect(await matters(() => utimesSync(join(workspace.root, 'file'), 1, 1))).toBe(false);
    expect(await matters(() => mkdirSync(join(workspace.root, 'empty')))).toBe(false);
  });

  it('sees a change of the same length in the same second as the commit', async () => {
    workspace.write('file', 'one');
    workspace.commit();
    for (const content of ['two', 'six', 'ten']) {
      expect(await matters(() => workspace.write('file', content))).toBe(true);
    }
  });

  it('does not depend on what is staged', async () => {
    workspace.write('file', 'one');
    workspace.commit();
    workspace.write('file', 'two');
    expect(await matters(() => workspace.git('add', 'file'))).toBe(false);
  });

  it('looks at files that git was told not to look at', async () => {
    workspace.write('file', 'one');
    workspace.write('skipped', 'one');
    workspace.commit();
    workspace.git('update-index', '--assume-unchanged', 'file');
    workspace.git('update-index', '--skip-worktree', 'skipped');
    expect(await matters(() => workspace.write('file', 'changed'))).toBe(true);
    expect(await matters(() => workspace.write('skipped', 'changed'))).toBe(true);
    expect(await matters(() => rmSync(join(workspace.root, 'skipped')))).toBe(true);
  });

  it('takes names of any bytes', async () => {
    const names = ['line\nend', '-dash', 'ünï', ' space', ':(glob)x', '"quote"'];
    for (const name of names) {
      expect(await matters(() => workspace.write(name, 'x'))).toBe(true);
    }
    const bytes = Buffer.concat([Buffer.from(`${workspace.root}/`), Buffer.from([0x66, 0xff])]);
    expect(await matters(() => writeFileSync(bytes, 'x'))).toBe(true);
    expect(await matters(() => writeFileSync(bytes, 'y'))).toBe(true);
  });

  it('is of the workspace alone when that lies below the root of the repository', async () => {
    workspace.write('app/file', 'one');
    workspace.write('other/file', 'one');
    workspace.commit();
    const app = join(workspace.root, 'app');
    const before = await identify(app);
    workspace.write('other/file', 'two');
    expect(await identify(app)).toEqual(before);
    expect(before.gitDirty).toBe(false);
    workspace.write('app/new', 'n');
    expect((await identify(app)).hash).not.toBe(before.hash);
  });

  it('is that of the same files without git', async () => {
    const plain = createTestWorkspace();
    for (const place of [workspace, plain]) {
      place.write('.gitignore', 'ignored\n');
      place.write('dir/file', 'one', 0o755);
      place.write('ignored', place.root);
    }
    workspace.commit();
    const identity = await identify(plain.root);
    plain.remove();
    expect(identity).toMatchObject({ gitHead: null, gitDirty: null });
    expect((await identify()).hash).toBe(identity.hash);
  });

  it('exists for an empty directory, with git or without', async () => {
    const plain = createTestWorkspace();
    const identity = await identify(plain.root);
    plain.remove();
    expect((await identify()).hash).toBe(identity.hash);
    mkdirSync(join(workspace.root, 'below'));
    expect((await identify(join(workspace.root, 'below'))).hash).toBe(identity.hash);
  });

  it('takes a directory that the repository around it ignores as one without git', async () => {
    workspace.write('.gitignore', 'build\n');
    workspace.write('build/file', 'one');
    workspace.commit();
    const build = join(workspace.root, 'build');
    const before = await identify(build);
    expect(before.gitHead).toBeNull();
    workspace.write('build/file', 'two');
    expect((await identify(build)).hash).not.toBe(before.hash);
  });

  it('leaves out the state root, whatever its name, also behind a link, also when it is ignored', async () => {
    workspace.write('file', 'one');
    workspace.write('st[a]te *root/keep', 'tracked');
    workspace.commit();
    const inside = join(workspace.root, 'st[a]te *root');
    const link = join(tmpdir(), `pikaci-link-${process.pid}`);
    symlinkSync(inside, link);
    const before = await identify(workspace.root, inside);
    workspace.write('st[a]te *root/runs/x', 'x');
    expect(await identify(workspace.root, inside)).toEqual(before);
    expect(await identify(workspace.root, link)).toEqual(before);
    expect((await identify()).hash).not.toBe(before.hash);
    expect(before.gitDirty).toBe(false);
    rmSync(link);
    const ignoring = await createTestWorkspaceWithIgnoredState();
    expect(ignoring.gitDirty).toBe(false);
  });

  it('leaves out a marker that lies at the top of a work tree', async () => {
    workspace.write('file', 'one');
    workspace.commit();
    expect(await matters(() => workspace.write('pikaci-snapshot.json', '{}'))).toBe(false);
    expect(await matters(() => workspace.write('below/pikaci-snapshot.json', '{}'))).toBe(true);
  });

  it('covers an unfinished merge by what lies in the work tree, and is not disturbed by one elsewhere', async () => {
    workspace.write('app/file', 'base');
    workspace.write('other/file', 'base');
    workspace.commit();
    workspace.git('checkout', '--quiet', '-b', 'side');
    workspace.write('other/file', 'side');
    workspace.commit();
    workspace.git('checkout', '--quiet', 'main');
    workspace.write('other/file', 'main');
    workspace.commit();
    expect(() => workspace.git('merge', '--quiet', 'side')).toThrow();
    expect((await identify()).gitDirty).toBe(true);
    expect((await identify(join(workspace.root, 'app'))).gitDirty).toBe(false);
  });

  it('covers the files of a repository inside the workspace', async () => {
    workspace.write('file', 'one');
    const inner = createTestWorkspace({ git: true });
    inner.write('lib/file', 'inner');
    inner.commit();
    renameSync(inner.root, join(workspace.root, 'vendor'));
    workspace.commit();
    expect((await identify()).gitDirty).toBe(false);
    expect(await matters(() => workspace.write('vendor/lib/file', 'changed'))).toBe(true);
    expect((await identify()).gitDirty).toBe(true);
    expect(await matters(() => workspace.write('vendor/new', 'n'))).toBe(true);
  });

  it('writes nothing into the repository and leaves nothing in the temporary directory', async () => {
    workspace.write('file', 'one');
    workspace.commit();
    workspace.write('file', 'two');
    workspace.write('new', 'n');
    const hook = join(workspace.root, '.git/hooks/post-index-change');
    mkdirSync(join(workspace.root, '.git/hooks'), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\ntouch '${workspace.root}/.git/hook-ran'\n`, { mode: 0o755 });
    const temporary = join(stateRoot, 'tmp');
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    const git = listing(join(workspace.root, '.git'));
    await identify();
    vi.unstubAllEnvs();
    expect(listing(join(workspace.root, '.git'))).toEqual(git);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

async function createTestWorkspaceWithIgnoredState(): Promise<SnapshotIdentity> {
  const other = createTestWorkspace({ git: true });
  other.write('.gitignore', '.pikaci\n');
  other.commit();
  other.write('.pikaci/runs/x', 'x');
  const identity = await identify(other.root, join(other.root, '.pikaci'));
  other.remove();
  return identity;
}

describe('what git says of a workspace', () => {
  it('is the head, and whether anything differs from it', async () => {
    workspace.write('.gitignore', 'ignored\n');
    workspace.commit();
    const head = workspace.git('rev-parse', 'HEAD').trim();
    expect(await identify()).toMatchObject({ gitHead: head, gitDirty: false });
    workspace.write('ignored', 'i');
    expect(await identify()).toMatchObject({ gitDirty: false });
    workspace.write('untracked', 'u');
    expect(await identify()).toMatchObject({ gitHead: head, gitDirty: true });
  });

  it('is no head and dirty before the first commit', async () => {
    workspace.write('file', 'one');
    expect(await identify()).toMatchObject({ gitHead: null, gitDirty: true });
  });
});
