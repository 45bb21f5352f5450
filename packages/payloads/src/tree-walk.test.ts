import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { streamTree } from './tree-walk.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-tree-walk-'));
  for (const dir of ['b', 'a', 'a.d']) mkdirSync(join(root, dir));
  for (const file of ['a/2', 'a/1', 'b/1']) writeFileSync(join(root, file), '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('streams each directory right before what is in it, in the order of bytes', async () => {
  const seen: string[] = [];
  const entered: string[] = [];
  const enter = ({ relativePath }: { readonly relativePath: Buffer }) => {
    entered.push(relativePath.toString());
    return Promise.resolve();
  };
  for await (const entry of streamTree(root, { enter })) seen.push(entry.relativePath.toString());
  expect(seen).toEqual(['', 'a', 'a/1', 'a/2', 'a.d', 'b', 'b/1']);
  expect(entered).toEqual(['', 'a', 'a.d', 'b']);
});

it('ends in the middle when its signal is raised, and says why', async () => {
  const cancel = new AbortController();
  const seen: string[] = [];
  const walk = async () => {
    for await (const entry of streamTree(root, { signal: cancel.signal })) {
      seen.push(entry.relativePath.toString());
      if (seen.length === 2) cancel.abort(new Error('enough'));
    }
  };
  await expect(walk()).rejects.toThrow('enough');
  expect(seen).toEqual(['', 'a']);
});
