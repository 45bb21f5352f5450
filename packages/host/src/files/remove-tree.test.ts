import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDeepDirectories } from '@pikaci/testkit';
import { removeTree } from './remove-tree.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-remove-tree-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('removeTree', () => {
  it('removes directories that nobody may read, write or enter', async () => {
    const tree = join(root, 'tree');
    mkdirSync(join(tree, 'work/work'), { recursive: true });
    mkdirSync(join(tree, 'read-only/deep'), { recursive: true });
    writeFileSync(join(tree, 'read-only/deep/file'), '');
    chmodSync(join(tree, 'read-only/deep'), 0o500);
    chmodSync(join(tree, 'read-only'), 0o500);
    chmodSync(join(tree, 'work/work'), 0o000);
    expect(await removeTree(tree)).toEqual({ ok: true, value: undefined });
    expect(existsSync(tree)).toBe(false);
  });

  it('removes directories so deep that no path reaches the innermost', async () => {
    const tree = join(root, 'tree');
    mkdirSync(tree);
    makeDeepDirectories(tree, 'd'.repeat(20), 2000);
    expect(await removeTree(tree)).toEqual({ ok: true, value: undefined });
    expect(existsSync(tree)).toBe(false);
  });

  it('removes links and leaves alone what they lead to', async () => {
    mkdirSync(join(root, 'tree'));
    mkdirSync(join(root, 'kept'));
    writeFileSync(join(root, 'kept/file'), '');
    symlinkSync(join(root, 'kept'), join(root, 'tree/link'));
    symlinkSync(join(root, 'kept'), join(root, 'top'));
    await removeTree(join(root, 'tree'));
    await removeTree(join(root, 'top'));
    expect(existsSync(join(root, 'kept/file'))).toBe(true);
    expect(existsSync(join(root, 'top'))).toBe(false);
  });

  it('removes a single file, and is content when there is nothing', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(await removeTree(file)).toMatchObject({ ok: true });
    expect(await removeTree(file)).toMatchObject({ ok: true });
  });

  it('reports what it cannot remove as a failure', async () => {
    writeFileSync(join(root, 'file'), '');
    expect(await removeTree(join(root, 'file/below'))).toMatchObject({
      ok: false,
      error: { kind: 'infrastructure', location: { file: join(root, 'file/below') } },
    });
  });
});
