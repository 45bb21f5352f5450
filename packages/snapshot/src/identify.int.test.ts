import type { SnapshotIdentity } from '@pikaci/model';
import { createTestWorkspace } from '@pikaci/testkit';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createSnapshotStore } from './index.js';
import { useSnapshotRig } from './snapshot-rig.test.helper.js';

const rig = useSnapshotRig();

async function identify(
  root = rig.workspace.root,
  state = rig.stateRoot,
): Promise<SnapshotIdentity> {
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
    rig.workspace.write('a', 'a');
    const identity = await identify();
    expect(identity.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(identity).toMatchObject({ hashVersion: 'git-tree-v2', sourceRoot: rig.workspace.root });
  });

  it('covers untracked files and not ignored ones', async () => {
    rig.workspace.write('.gitignore', 'ignored\n');
    rig.workspace.commit();
    expect(await matters(() => rig.workspace.write('untracked', 'u'))).toBe(true);
    expect(await matters(() => rig.workspace.write('ignored', 'i'))).toBe(false);
  });

  it('covers contents, the executable bit, link targets, names and deletions', async () => {
    rig.workspace.write('file', 'one');
    rig.workspace.write('script', '#!/bin/sh\n', 0o644);
    symlinkSync('file', join(rig.workspace.root, 'link'));
    rig.workspace.commit();
    const path = (name: string) => join(rig.workspace.root, name);
    expect(await matters(() => rig.workspace.write('file', 'two'))).toBe(true);
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
    rig.workspace.write('file', 'one');
    rig.workspace.commit();
    expect(await matters(() => utimesSync(join(rig.workspace.root, 'file'), 1, 1))).toBe(false);
    expect(await matters(() => mkdirSync(join(rig.workspace.root, 'empty')))).toBe(false);
  });

  it('sees a change of the same length in the same second as the commit', async () => {
    rig.workspace.write('file', 'one');
    rig.workspace.commit();
    for (const content of ['two', 'six', 'ten']) {
      expect(await matters(() => rig.workspace.write('file', content))).toBe(true);
    }
  });

  it('does not depend on what is staged', async () => {
    rig.workspace.write('file', 'one');
    rig.workspace.commit();
    rig.workspace.write('file', 'two');
    expect(await matters(() => rig.workspace.git('add', 'file'))).toBe(false);
  });

  it('looks at files that git was told not to look at', async () => {
    rig.workspace.write('file', 'one');
    rig.workspace.write('skipped', 'one');
    rig.workspace.commit();
    rig.workspace.git('update-index', '--assume-unchanged', 'file');
    rig.workspace.git('update-index', '--skip-worktree', 'skipped');
    expect(await matters(() => rig.workspace.write('file', 'changed'))).toBe(true);
    expect(await matters(() => rig.workspace.write('skipped', 'changed'))).toBe(true);
    expect(await matters(() => rmSync(join(rig.workspace.root, 'skipped')))).toBe(true);
  });

  it('takes names of any bytes', async () => {
    const names = ['line\nend', '-dash', 'ünï', ' space', ':(glob)x', '"quote"'];
    for (const name of names) {
      expect(await matters(() => rig.workspace.write(name, 'x'))).toBe(true);
    }
    const bytes = Buffer.concat([Buffer.from(`${rig.workspace.root}/`), Buffer.from([0x66, 0xff])]);
    expect(await matters(() => writeFileSync(bytes, 'x'))).toBe(true);
    expect(await matters(() => writeFileSync(bytes, 'y'))).toBe(true);
  });

  it('is of the workspace alone when that lies below the root of the repository', async () => {
    rig.workspace.write('app/file', 'one');
    rig.workspace.write('other/file', 'one');
    rig.workspace.commit();
    const app = join(rig.workspace.root, 'app');
    const before = await identify(app);
    rig.workspace.write('other/file', 'two');
    expect(await identify(app)).toEqual(before);
    expect(before.gitDirty).toBe(false);
    rig.workspace.write('app/new', 'n');
    expect((await identify(app)).hash).not.toBe(before.hash);
  });

  it('is that of the same files without git', async () => {
    const plain = createTestWorkspace();
    for (const place of [rig.workspace, plain]) {
      place.write('.gitignore', 'ignored\n');
      place.write('dir/file', 'one', 0o755);
      place.write('ignored', place.root);
    }
    rig.workspace.commit();
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
    mkdirSync(join(rig.workspace.root, 'below'));
    expect((await identify(join(rig.workspace.root, 'below'))).hash).toBe(identity.hash);
  });

  it('takes a repository before its first commit whose path holds line ends', async () => {
    for (const path of ['a\nb', 'a\nb\nc\nd']) {
      const inner = join(rig.workspace.root, path);
      mkdirSync(inner);
      rig.workspace.git('init', '--quiet', inner);
      const before = await identify(inner);
      expect(before).toMatchObject({ gitHead: null });
      rig.workspace.write(`${path}/file`, 'one');
      expect((await identify(inner)).hash).not.toBe(before.hash);
    }
    expect(await identify()).toMatchObject({ gitDirty: true });
  });

  it('takes a directory that the repository around it ignores as one without git', async () => {
    rig.workspace.write('.gitignore', 'build\n');
    rig.workspace.write('build/file', 'one');
    rig.workspace.commit();
    const build = join(rig.workspace.root, 'build');
    const before = await identify(build);
    expect(before.gitHead).toBeNull();
    rig.workspace.write('build/file', 'two');
    expect((await identify(build)).hash).not.toBe(before.hash);
  });

  it('leaves out the state root, whatever its name, also behind a link, also when it is ignored', async () => {
    rig.workspace.write('file', 'one');
    rig.workspace.write('st[a]te *root/keep', 'tracked');
    rig.workspace.commit();
    const inside = join(rig.workspace.root, 'st[a]te *root');
    const link = join(tmpdir(), `pikaci-link-${process.pid}`);
    symlinkSync(inside, link);
    const before = await identify(rig.workspace.root, inside);
    rig.workspace.write('st[a]te *root/runs/x', 'x');
    expect(await identify(rig.workspace.root, inside)).toEqual(before);
    expect(await identify(rig.workspace.root, link)).toEqual(before);
    expect((await identify()).hash).not.toBe(before.hash);
    expect(before.gitDirty).toBe(false);
    rmSync(link);
    const ignoring = await createTestWorkspaceWithIgnoredState();
    expect(ignoring.gitDirty).toBe(false);
  });

  it('leaves out a marker that lies at the top of a work tree', async () => {
    rig.workspace.write('file', 'one');
    rig.workspace.commit();
    expect(await matters(() => rig.workspace.write('pikaci-snapshot.json', '{}'))).toBe(false);
    expect(await matters(() => rig.workspace.write('below/pikaci-snapshot.json', '{}'))).toBe(true);
  });

  it('covers an unfinished merge by what lies in the work tree, and is not disturbed by one elsewhere', async () => {
    rig.workspace.write('app/file', 'base');
    rig.workspace.write('other/file', 'base');
    rig.workspace.commit();
    rig.workspace.git('checkout', '--quiet', '-b', 'side');
    rig.workspace.write('other/file', 'side');
    rig.workspace.commit();
    rig.workspace.git('checkout', '--quiet', 'main');
    rig.workspace.write('other/file', 'main');
    rig.workspace.commit();
    expect(() => rig.workspace.git('merge', '--quiet', 'side')).toThrow();
    expect((await identify()).gitDirty).toBe(true);
    expect((await identify(join(rig.workspace.root, 'app'))).gitDirty).toBe(false);
  });

  it('covers the files of a repository inside the workspace', async () => {
    rig.workspace.write('file', 'one');
    const inner = createTestWorkspace({ git: true });
    inner.write('lib/file', 'inner');
    inner.commit();
    renameSync(inner.root, join(rig.workspace.root, 'vendor'));
    rig.workspace.commit();
    expect((await identify()).gitDirty).toBe(false);
    expect(await matters(() => rig.workspace.write('vendor/lib/file', 'changed'))).toBe(true);
    expect((await identify()).gitDirty).toBe(true);
    expect(await matters(() => rig.workspace.write('vendor/new', 'n'))).toBe(true);
  });

  it('writes nothing into the repository and leaves nothing in the temporary directory', async () => {
    rig.workspace.write('file', 'one');
    rig.workspace.commit();
    rig.workspace.write('file', 'two');
    rig.workspace.write('new', 'n');
    const hook = join(rig.workspace.root, '.git/hooks/post-index-change');
    mkdirSync(join(rig.workspace.root, '.git/hooks'), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\ntouch '${rig.workspace.root}/.git/hook-ran'\n`, {
      mode: 0o755,
    });
    const temporary = join(rig.stateRoot, 'tmp');
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    const git = listing(join(rig.workspace.root, '.git'));
    await identify();
    vi.unstubAllEnvs();
    expect(listing(join(rig.workspace.root, '.git'))).toEqual(git);
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
    rig.workspace.write('.gitignore', 'ignored\n');
    rig.workspace.commit();
    const head = rig.workspace.git('rev-parse', 'HEAD').trim();
    expect(await identify()).toMatchObject({ gitHead: head, gitDirty: false });
    rig.workspace.write('ignored', 'i');
    expect(await identify()).toMatchObject({ gitDirty: false });
    rig.workspace.write('untracked', 'u');
    expect(await identify()).toMatchObject({ gitHead: head, gitDirty: true });
  });

  it('is no head and dirty before the first commit', async () => {
    rig.workspace.write('file', 'one');
    expect(await identify()).toMatchObject({ gitHead: null, gitDirty: true });
  });
});
