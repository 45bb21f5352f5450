import type { Outcome, Snapshot } from '@pikaci/model';
import { snapshotsDirectory } from '@pikaci/paths';
import { createTestWorkspace, listTree } from '@pikaci/testkit';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSnapshotStore, readSnapshotMarker } from './index.js';
import { createStagingDirectory } from '@pikaci/host';
import { useSnapshotRig } from './snapshot-rig.test.helper.js';

const rig = useSnapshotRig();

const store = (environment?: NodeJS.ProcessEnv) =>
  createSnapshotStore({
    stateRoot: rig.stateRoot,
    clock: { now: () => new Date('2026-03-07T00:00:01Z'), monotonicMs: () => 0 },
    ...(environment === undefined ? {} : { environment }),
  });

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

const take = async (): Promise<Snapshot> => value(await store().take(rig.workspace.root));
const stored = () => readdirSync(snapshotsDirectory(rig.stateRoot));

describe('taking a snapshot', () => {
  it('makes a copy with the marker that names it, and finds it the next time', async () => {
    rig.workspace.write('.gitignore', 'ignored\n');
    rig.workspace.write('dir/script', '#!/bin/sh\n', 0o755);
    symlinkSync('dir/script', join(rig.workspace.root, 'link'));
    rig.workspace.commit();
    rig.workspace.write('ignored', 'i');
    rig.workspace.write('untracked', 'u');
    const first = await take();
    expect(first).toMatchObject({ reused: false, gitDirty: true });
    expect(first.dir).toBe(join(snapshotsDirectory(rig.stateRoot), first.hash, 'snapshot'));
    expect(readdirSync(first.dir).sort()).toEqual(
      ['.gitignore', 'dir', 'link', 'pikaci-snapshot.json', 'untracked'].sort(),
    );
    expect(lstatSync(join(first.dir, 'dir/script')).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(first.dir, 'link'))).toBe('dir/script');
    expect(await readSnapshotMarker(first.dir)).toEqual({
      sourceRoot: rig.workspace.root,
      snapshotDir: first.dir,
      gitHead: first.gitHead,
      gitDirty: true,
      createdAt: '2026-03-07T00:00:01.000+00:00',
      contentHash: first.hash,
      hashVersion: 'git-tree-v2',
    });
    expect(await take()).toEqual({ ...first, reused: true });
    expect(stored()).toEqual([first.hash]);
  });

  it('makes a tree whose identity is the one it is named by', async () => {
    rig.workspace.write('.gitignore', 'tracked-all-the-same\n*.log\n');
    rig.workspace.write('tracked-all-the-same', 't');
    rig.workspace.write('a\nb/-c', 'odd', 0o755);
    rig.workspace.git('add', '--force', '.');
    rig.workspace.commit();
    rig.workspace.write('x.log', 'ignored');
    const bytes = Buffer.concat([Buffer.from(`${rig.workspace.root}/`), Buffer.from([0x66, 0xff])]);
    writeFileSync(bytes, 'x');
    const snapshot = await take();
    expect(existsSync(join(snapshot.dir, 'tracked-all-the-same'))).toBe(true);
    expect(value(await store().identify(snapshot.dir)).hash).toBe(snapshot.hash);
    const moved = join(rig.stateRoot, 'moved');
    renameSync(snapshot.dir, moved);
    expect(value(await store().identify(moved)).hash).toBe(snapshot.hash);
    writeFileSync(join(moved, 'x.log'), 'new');
    expect(value(await store().identify(moved)).hash).not.toBe(snapshot.hash);
  });

  it('copies the workspace alone when that lies below the root of the repository', async () => {
    rig.workspace.write('app/file', 'one');
    rig.workspace.write('other', 'one');
    rig.workspace.commit();
    const snapshot = value(await store().take(join(rig.workspace.root, 'app')));
    expect(readdirSync(snapshot.dir).sort()).toEqual(['file', 'pikaci-snapshot.json']);
  });

  it('copies the files of a repository inside the workspace', async () => {
    const inner = createTestWorkspace({ git: true });
    inner.write('lib/file', 'inner');
    inner.commit();
    mkdirSync(join(rig.workspace.root, 'app'));
    renameSync(inner.root, join(rig.workspace.root, 'app/vendor'));
    rig.workspace.commit();
    const snapshot = value(await store().take(join(rig.workspace.root, 'app')));
    expect(readFileSync(join(snapshot.dir, 'vendor/lib/file'), 'utf8')).toBe('inner');
    expect(existsSync(join(snapshot.dir, 'vendor/.git'))).toBe(false);
    expect(value(await store().identify(snapshot.dir)).hash).toBe(snapshot.hash);
  });

  it('copies the files of a repository inside the workspace that has no commit yet', async () => {
    mkdirSync(join(rig.workspace.root, 'inner'));
    rig.workspace.git('init', '--quiet', 'inner');
    rig.workspace.write('inner/lib/file', 'inner');
    const snapshot = await take();
    expect(readdirSync(join(snapshot.dir, 'inner'))).toEqual(['lib']);
    expect(snapshot.gitDirty).toBe(true);
  });

  it('leaves out the marker of a workspace that has one of its own', async () => {
    rig.workspace.write('pikaci-snapshot.json', '{"mine": true}');
    rig.workspace.commit();
    const snapshot = await take();
    expect((await readSnapshotMarker(snapshot.dir))?.contentHash).toBe(snapshot.hash);
    expect(snapshot.gitDirty).toBe(false);
  });

  it('makes files that everyone can read, whatever the umask and the modes in the workspace', async () => {
    rig.workspace.write('private/file', 'x', 0o600);
    chmodSync(join(rig.workspace.root, 'private'), 0o700);
    const before = process.umask(0o077);
    const snapshot = await take().finally(() => process.umask(before));
    const modes = ['..', '.', 'private', 'private/file', 'pikaci-snapshot.json'].map(
      (path) => lstatSync(join(snapshot.dir, path)).mode & 0o777,
    );
    expect(modes).toEqual([0o755, 0o755, 0o755, 0o644, 0o644]);
  });

  it('makes one snapshot when two are taken at once', async () => {
    for (let index = 0; index < 50; index += 1) rig.workspace.write(`file-${index}`, String(index));
    const [one, two] = await Promise.all([take(), take()]);
    expect(one.hash).toBe(two.hash);
    expect(stored()).toEqual([one.hash]);
  });

  it('clears away what a process left that died while taking one, and nothing of living ones', async () => {
    rig.workspace.write('file', 'x');
    const parent = snapshotsDirectory(rig.stateRoot);
    const alive = await createStagingDirectory(parent);
    const dead = spawnSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).stdout.trim();
    const left = alive.replace(`.staging-${process.pid}-`, `.staging-${dead}-`);
    mkdirSync(join(left, 'snapshot'), { recursive: true });
    const snapshot = await take();
    expect(stored().sort()).toEqual([alive.slice(parent.length + 1), snapshot.hash].sort());
  });
});

describe('a snapshot that cannot be taken', () => {
  it('says that the workspace is not a directory', async () => {
    rig.workspace.write('file', 'x');
    for (const path of ['file', 'missing']) {
      const outcome = await store().take(join(rig.workspace.root, path));
      expect(outcome).toMatchObject({ ok: false, error: { kind: 'snapshot' } });
    }
  });

  it('names the state root that cannot be written, and the way out', async () => {
    rig.workspace.write('file', 'x');
    const blocked = join(rig.stateRoot, 'file');
    writeFileSync(blocked, '');
    const outcome = await createSnapshotStore({ stateRoot: blocked }).take(rig.workspace.root);
    expect(outcome).toMatchObject({
      ok: false,
      error: { message: `The state root ${blocked} cannot be written` },
    });
    expect(!outcome.ok && outcome.error.hint).toContain('--state-root');
  });

  it('refuses the workspace itself as its state root', async () => {
    const outcome = await createSnapshotStore({ stateRoot: rig.workspace.root }).take(
      rig.workspace.root,
    );
    expect(!outcome.ok && outcome.error.message).toContain('is the workspace itself');
  });

  it('says that git is missing', async () => {
    const bin = join(rig.stateRoot, 'bin');
    mkdirSync(bin);
    symlinkSync('/bin/sh', join(bin, 'sh'));
    const outcome = await store({ PATH: bin }).identify(rig.workspace.root);
    expect(outcome).toMatchObject({
      ok: false,
      error: { kind: 'snapshot', hint: 'Install git, or add its directory to PATH.' },
    });
  });

  it.skipIf(process.getuid?.() === 0)('names files that cannot be read', async () => {
    rig.workspace.write('secret', 'x', 0o000);
    const file = await store().take(rig.workspace.root);
    expect(!file.ok && file.error.reason).toContain('secret');
    rmSync(join(rig.workspace.root, 'secret'));
    rig.workspace.write('dir/file', 'x');
    chmodSync(join(rig.workspace.root, 'dir'), 0o000);
    const dir = await store().take(rig.workspace.root);
    chmodSync(join(rig.workspace.root, 'dir'), 0o755);
    expect(!dir.ok && dir.error.reason).toContain('dir/');
  });

  it('is cancelled without a trace', async () => {
    rig.workspace.write('file', 'x');
    const outcome = await store().take(rig.workspace.root, AbortSignal.abort());
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(readdirSync(rig.stateRoot)).toEqual([]);
  });

  it.each(['snapshot/pikaci-snapshot.json', 'entries'])(
    'makes a snapshot anew that has lost its %s',
    async (lost) => {
      rig.workspace.write('file', 'x');
      const snapshot = await take();
      rmSync(join(snapshot.dir, '..', lost));
      const [one, other] = await Promise.all([take(), take()]);
      expect([one.reused, other.reused]).toContain(false);
      expect(listTree(one.dir)).toEqual(listTree(snapshot.dir));
      expect(await take()).toMatchObject({ reused: true });
      expect(stored()).toEqual([snapshot.hash]);
    },
  );
});

describe('a snapshot beside an earlier one of the same workspace', () => {
  const inode = (snapshot: Snapshot, path: string) => lstatSync(join(snapshot.dir, path)).ino;

  it('shares the files that are unchanged, and nothing else', async () => {
    rig.workspace.write('dir/same', 'same');
    rig.workspace.write('dir/changed', 'before');
    rig.workspace.write('dir/mode', 'mode');
    rig.workspace.write('removed', 'removed');
    symlinkSync('dir/same', join(rig.workspace.root, 'link'));
    rig.workspace.commit();
    const first = await take();
    const before = listTree(first.dir);
    rig.workspace.write('dir/changed', 'after!');
    chmodSync(join(rig.workspace.root, 'dir/mode'), 0o755);
    rmSync(join(rig.workspace.root, 'removed'));
    rig.workspace.write('added/new', 'new');
    const second = await take();
    expect(inode(second, 'dir/same')).toBe(inode(first, 'dir/same'));
    expect(inode(second, 'dir/changed')).not.toBe(inode(first, 'dir/changed'));
    expect(inode(second, 'dir/mode')).not.toBe(inode(first, 'dir/mode'));
    expect(contentOf(second.dir)).toEqual(contentOf(rig.workspace.root));
    expect(listTree(first.dir)).toEqual(before);
  });

  it('gets what the earlier one has lost from git', async () => {
    rig.workspace.write('a', 'a');
    rig.workspace.write('b/c', 'c');
    rig.workspace.commit();
    const first = await take();
    rmSync(join(first.dir, 'b'), { recursive: true });
    rig.workspace.write('d', 'd');
    const second = await take();
    expect(contentOf(second.dir)).toEqual(contentOf(rig.workspace.root));
  });

  it('shares nothing when attributes differ: the same file may be written with other bytes', async () => {
    rig.workspace.write('a.txt', 'one\ntwo\n');
    rig.workspace.commit();
    const first = await take();
    rig.workspace.write('.gitattributes', '*.txt text eol=crlf\n');
    const second = await take();
    expect(readFileSync(join(first.dir, 'a.txt'), 'utf8')).toBe('one\ntwo\n');
    expect(readFileSync(join(second.dir, 'a.txt'), 'utf8')).toBe('one\r\ntwo\r\n');
  });

  it('can be read by everyone, whatever the umask', async () => {
    rig.workspace.write('dir/deep/file', 'x');
    rig.workspace.commit();
    const umask = process.umask(0o077);
    try {
      await take();
      rig.workspace.write('other', 'y');
      const { dir } = await take();
      for (const path of ['', 'dir', 'dir/deep', 'dir/deep/file', 'other']) {
        expect(lstatSync(join(dir, path)).mode & 0o044).toBe(0o044);
      }
    } finally {
      process.umask(umask);
    }
  });
});

/** What counts of a tree, without the repository and the marker. */
function contentOf(dir: string): readonly string[] {
  return listTree(dir).filter((line) => !/ (pikaci-snapshot\.json|\.git(\/.*)?)$/.test(line));
}

it('keeps a snapshot that is only to be looked at in another state root, where it is the same', async () => {
  rig.workspace.write('.pikaci/state', 'excluded');
  const own = join(rig.workspace.root, '.pikaci');
  const identity = await createSnapshotStore({ stateRoot: own }).identify(rig.workspace.root);
  const taken = await createSnapshotStore({ stateRoot: own, keepIn: rig.stateRoot }).take(
    rig.workspace.root,
  );
  if (!taken.ok || !identity.ok) throw new Error('no snapshot');
  expect(taken.value.hash).toBe(identity.value.hash);
  expect(taken.value.dir.startsWith(rig.stateRoot)).toBe(true);
  expect(readdirSync(own)).toEqual(['state']);
});
