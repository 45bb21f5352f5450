import type { Snapshot } from '@pikaci/model';
import { snapshotsDirectory, spareTreesDirectory } from '@pikaci/paths';
import { listTree } from '@pikaci/testkit';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSnapshotStore, type SnapshotStoreOptions } from '../index.js';
import { makeSpare } from './make-spare.js';
import { useSnapshotRig } from '../snapshot-rig.test.helper.js';

const rig = useSnapshotRig();
beforeEach(() => {
  rig.workspace.write('deep/er/file', 'one');
  rig.workspace.write('deep/script', '#!/bin/sh\n', 0o755);
  rig.workspace.write('top', 'top');
  symlinkSync('deep/er', join(rig.workspace.root, 'link'));
  rig.workspace.commit();
});

const spares = () =>
  existsSync(spareTreesDirectory(rig.stateRoot))
    ? readdirSync(spareTreesDirectory(rig.stateRoot))
    : [];
const spareOf = ({ hash }: Snapshot) => join(spareTreesDirectory(rig.stateRoot), hash);
const withoutMarker = (dir: string) =>
  listTree(dir).filter((line) => !line.includes('pikaci-snapshot.json'));
const inode = (dir: string, path: string) => lstatSync(join(dir, path)).ino;

/** Takes a snapshot and lets its spare be made. */
async function take(options: Partial<SnapshotStoreOptions> = {}): Promise<Snapshot> {
  const store = createSnapshotStore({ stateRoot: rig.stateRoot, makesSpares: true, ...options });
  const taken = await store.take(rig.workspace.root);
  await store.close();
  if (!taken.ok) throw new Error(JSON.stringify(taken.error));
  return taken.value;
}

/** The same in a state root of its own, where nothing is reused. */
async function takeAfresh(): Promise<Snapshot> {
  return take({ stateRoot: join(rig.stateRoot, 'afresh'), makesSpares: false });
}

describe('a spare tree', () => {
  it('is made of second names of what a snapshot has, without its marker', async () => {
    const snapshot = await take();
    expect(spares()).toEqual([snapshot.hash]);
    expect(listTree(spareOf(snapshot))).toEqual(withoutMarker(snapshot.dir));
    for (const path of ['top', 'deep/script', 'deep/er/file']) {
      expect(inode(spareOf(snapshot), path)).toBe(inode(snapshot.dir, path));
    }
    expect(lstatSync(spareOf(snapshot)).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(spareOf(snapshot), 'deep')).mode & 0o777).toBe(0o755);
  });

  it('becomes the next snapshot, which shares its directories, and gets a successor', async () => {
    const first = await take();
    const before = listTree(first.dir);
    const directory = inode(spareOf(first), 'deep');
    rig.workspace.write('top', 'changed');
    const second = await take();
    expect(inode(second.dir, 'deep')).toBe(directory);
    expect(spares()).toEqual([second.hash]);
    expect(listTree(first.dir)).toEqual(before);
    expect(readFileSync(join(second.dir, 'top'), 'utf8')).toBe('changed');
  });

  /** Removes what is at a path, and makes something else. */
  const instead = (path: string, make: () => void) => () => {
    remove(path);
    make();
  };
  const changes: readonly [string, () => void][] = [
    ['a file is gone, and the directories that held nothing else', () => remove('deep/er/file')],
    ['a file became a directory', instead('top', () => rig.workspace.write('top/below', 'b'))],
    ['a directory became a file', instead('deep', () => rig.workspace.write('deep', 'd'))],
    ['a directory became a link', instead('deep', () => symlinkSync('.', at('deep')))],
    ['a link became a directory', instead('link', () => rig.workspace.write('link/file', 'l'))],
    ['a link leads elsewhere', instead('link', () => symlinkSync('top', at('link')))],
    ['a mode changed', () => chmodSync(at('deep/er/file'), 0o755)],
    ['a name is no UTF-8', () => writeFileSync(Buffer.from(at('caf\xe9'), 'latin1'), 'c')],
    ['a file moved', () => renameSync(at('deep/er/file'), at('moved'))],
    [
      'everything is another',
      instead('deep', () => {
        remove('top');
        rig.workspace.write('n', 'n');
      }),
    ],
  ];
  const at = (path: string) => join(rig.workspace.root, path);
  const remove = (path: string) => rmSync(at(path), { recursive: true });

  it.each(changes)('makes no difference to a snapshot when %s', async (_title, change) => {
    const first = await take();
    const before = listTree(first.dir);
    change();
    const second = await take();
    expect(second.reused).toBe(false);
    expect(withoutMarker(second.dir)).toEqual(withoutMarker((await takeAfresh()).dir));
    expect(listTree(first.dir)).toEqual(before);
  });

  it('is not used when something of it is gone, and is no reason to fail', async () => {
    const first = await take();
    rmSync(join(spareOf(first), 'top'));
    rmSync(at('top'));
    const second = await take();
    expect(withoutMarker(second.dir)).toEqual(withoutMarker((await takeAfresh()).dir));
  });

  it('stays when the snapshot is used again, and two at most are kept', async () => {
    const first = await take();
    const directory = inode(spareOf(first), 'deep');
    await take();
    expect(inode(spareOf(first), 'deep')).toBe(directory);
    for (const hash of ['1', '2', '3']) renameSync(...spareAs(first, hash));
    expect(spares()).toHaveLength(1);
    await take();
    expect(spares()).toHaveLength(2);
    rig.workspace.write('top', 'changed');
    const second = await take();
    expect(spares()).toHaveLength(2);
    expect(spares()).toContain(second.hash);
    expect(readdirSync(snapshotsDirectory(rig.stateRoot)).sort()).toEqual(
      [first.hash, second.hash].sort(),
    );
  });

  /** Where its spare lies, or where that was moved, and where it is to be moved. */
  function spareAs(snapshot: Snapshot, name: string): [string, string] {
    const [found = snapshot.hash] = spares();
    return [
      join(spareTreesDirectory(rig.stateRoot), found),
      join(spareTreesDirectory(rig.stateRoot), name),
    ];
  }

  it('is made once by two who make it at a time, and nothing else stays', async () => {
    const { hash } = await take({ makesSpares: false });
    expect(spares()).toEqual([]);
    const pause = () => Promise.resolve();
    await Promise.all([1, 2, 3].map(() => makeSpare(rig.stateRoot, hash, pause)));
    expect(spares()).toEqual([hash]);
    expect(readdirSync(snapshotsDirectory(rig.stateRoot))).toEqual([hash]);
  });

  it('is not made where nothing can be written, and that is no failure', async () => {
    const { hash } = await take({ makesSpares: false });
    const snapshots = snapshotsDirectory(rig.stateRoot);
    renameSync(snapshots, `${snapshots}-moved`);
    writeFileSync(snapshots, 'no directory');
    await makeSpare(rig.stateRoot, hash, () => Promise.resolve());
    expect(spares()).toEqual([]);
  });

  it('is not made of a tree that lacks a file, and not where a state root is only looked at', async () => {
    const snapshot = await take({ makesSpares: false });
    rmSync(join(snapshot.dir, 'top'));
    await makeSpare(rig.stateRoot, snapshot.hash, () => Promise.resolve());
    expect(spares()).toEqual([]);
    await take({ keepIn: join(rig.stateRoot, 'elsewhere') });
    expect(spares()).toEqual([]);
    expect(existsSync(spareTreesDirectory(join(rig.stateRoot, 'elsewhere')))).toBe(false);
  });
});
