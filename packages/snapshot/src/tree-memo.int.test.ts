import type { Snapshot } from '@pikaci/model';
import { createTestWorkspace, listTree, type TestWorkspace } from '@pikaci/testkit';
import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSnapshotStore } from './index.js';
import { causesKey, createTreeMemo } from './tree-memo.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pikaci-memo-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const key = 'a'.repeat(64);
const tree = { treeId: 'b'.repeat(40), differs: true };

describe('a memo of a tree', () => {
  const file = () => join(dir, 'below/memo');

  it('recalls what was kept, for the same key alone', async () => {
    const memo = createTreeMemo(file(), true);
    memo.note(key, tree);
    expect(await memo.recall(key)).toBeNull();
    await memo.keep();
    expect(await createTreeMemo(file(), true).recall(key)).toEqual(tree);
    expect(await createTreeMemo(file(), true).recall('c'.repeat(64))).toBeNull();
    expect(await createTreeMemo(file(), false).recall(key)).toBeNull();
  });

  it('takes a part of a memo for none, and a place where it cannot be kept for no harm', async () => {
    const memo = createTreeMemo(file(), true);
    memo.note(key, tree);
    await memo.keep();
    const text = readFileSync(file(), 'utf8');
    for (let length = 0; length < text.length; length += 1) {
      writeFileSync(file(), text.slice(0, length));
      expect(await memo.recall(key)).toBeNull();
    }
    const elsewhere = createTreeMemo(join(file(), 'below a file'), true);
    elsewhere.note(key, tree);
    await elsewhere.keep();
    expect(await elsewhere.recall(key)).toBeNull();
  });
});

describe('the key of what a tree follows from', () => {
  const keyNow = (
    changed: readonly string[],
    facts: readonly string[] = [],
    unwanted: string[] = [],
  ) =>
    causesKey({
      root: dir,
      facts,
      changed: changed.map((path) => Buffer.from(path)),
      unwanted: unwanted.map((path) => Buffer.from(path)),
    });

  it('is none while a file is young, whatever its own time says', async () => {
    writeFileSync(join(dir, 'young'), 'x');
    utimesSync(join(dir, 'young'), 1, 1);
    expect(await keyNow(['young'])).toBeNull();
  });

  it('tells lists, facts and missing files apart', async () => {
    const keys = await Promise.all([
      keyNow([]),
      keyNow(['a']),
      keyNow(['b']),
      keyNow(['a', 'b']),
      keyNow(['a'], ['fact']),
      keyNow(['a'], [], ['b']),
    ]);
    expect(keys).not.toContain(null);
    expect(new Set(keys).size).toBe(keys.length);
    expect(await keyNow(['a'])).toBe(keys[1]);
  });
});

describe('a snapshot of a workspace whose tree is remembered', () => {
  let workspace: TestWorkspace;
  beforeEach(() => {
    workspace = createTestWorkspace({ git: true });
    workspace.write('file', 'one');
    workspace.commit();
    // Deleting leaves no file that is too young to be trusted.
    rmSync(join(workspace.root, 'file'));
  });
  afterEach(() => workspace.remove());

  const stateRoot = () => join(dir, 'state');
  /** Takes a snapshot with a git that writes down what it is asked. */
  async function take(): Promise<Snapshot & { readonly asked: readonly string[] }> {
    const bin = mkdtempSync(join(dir, 'bin-'));
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const script = `#!/bin/sh\nprintf '%s\\n' "$*" >> '${bin}/asked'\nexec '${real}' "$@"\n`;
    writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
    const environment = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    const taken = await createSnapshotStore({ stateRoot: stateRoot(), environment }).take(
      workspace.root,
    );
    if (!taken.ok) throw new Error(JSON.stringify(taken.error));
    const asked = readFileSync(join(bin, 'asked'), 'utf8').split('\n');
    return { ...taken.value, asked };
  }
  const makesTrees = (asked: readonly string[]) => asked.some((line) => / write-tree/.test(line));

  it('is found without making the tree', async () => {
    const first = await take();
    expect(makesTrees(first.asked)).toBe(true);
    const second = await take();
    expect(second).toMatchObject({ hash: first.hash, reused: true, gitDirty: true });
    expect(makesTrees(second.asked)).toBe(false);
  });

  it('is made again when it is gone', async () => {
    const first = await take();
    const before = listTree(first.dir);
    rmSync(join(first.dir, '..'), { recursive: true });
    const second = await take();
    expect(second).toMatchObject({ hash: first.hash, reused: false, gitDirty: true });
    expect(listTree(second.dir).filter((line) => !line.includes('pikaci-snapshot'))).toEqual(
      before.filter((line) => !line.includes('pikaci-snapshot')),
    );
  });

  it('follows every further change, of files, of the index and of the head', async () => {
    const hashes = [(await take()).hash];
    const changes = [
      () => workspace.write('new', 'n'),
      () => workspace.write('new', 'm'),
      () => {
        workspace.git('rm', '--quiet', '--cached', 'file');
        rmSync(join(workspace.root, 'new'));
        symlinkSync('x', join(workspace.root, 'link'));
      },
    ];
    for (const change of changes) {
      change();
      hashes.push((await take()).hash);
    }
    expect(new Set(hashes).size).toBe(hashes.length);
    expect((await take()).gitDirty).toBe(true);
    workspace.commit();
    expect(await take()).toMatchObject({ hash: hashes.at(-1), gitDirty: false });
    const [memo = '', ...more] = readdirSync(join(stateRoot(), 'cache/trees'));
    expect(more).toEqual([`${memo}.index`]);
  });
});
