import { createTestWorkspace, listTree, type TestWorkspace } from '@pikaci/testkit';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSnapshotStore } from './index.js';

let workspace: TestWorkspace;
let elsewhere: string;
afterEach(() => {
  workspace.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});

/** Takes a snapshot twice, with a change between, and tells the paths in both. */
async function pathsWith(stateRoot: string): Promise<readonly string[]> {
  const store = createSnapshotStore({ stateRoot });
  const take = async () => {
    const taken = await store.take(workspace.root);
    if (!taken.ok) throw new Error(JSON.stringify(taken.error));
    return taken.value;
  };
  const first = await take();
  expect(await take()).toEqual({ ...first, reused: true });
  workspace.write('file', 'changed');
  const second = await take();
  expect(second.reused).toBe(false);
  const paths = [first, second].map(({ dir }) =>
    listTree(dir).map((line) => line.split(' ').at(-1) ?? ''),
  );
  expect(paths[1]).toEqual(paths[0]);
  return paths[1]?.filter((path) => path !== 'pikaci-snapshot.json') ?? [];
}

describe.each([
  ['with git', true],
  ['without git', false],
])('a state root of a workspace %s', (_title, git) => {
  beforeEach(() => {
    workspace = createTestWorkspace({ git });
    elsewhere = mkdtempSync(join(tmpdir(), 'pikaci-elsewhere-'));
    workspace.write('file', 'one');
    if (git) workspace.commit();
  });
  const inside = (path: string) => join(workspace.root, path);

  it.each(['.pikaci', 'state', 'deep/below/state', ' sp ace', 'gl*b[x]?', '!bang', '#hash', 'ünï'])(
    'is no part of a snapshot when it lies inside, as %j',
    async (name) => {
      const paths = await pathsWith(inside(name));
      expect(paths).toEqual(['file']);
    },
  );

  it('is no part of it when it is named by a path through a link', async () => {
    mkdirSync(inside('real'));
    symlinkSync(workspace.root, join(elsewhere, 'link'));
    expect(await pathsWith(join(elsewhere, 'link/real/state'))).toEqual(['file']);
  });

  it('is no part of it, nor is the link that leads to it, when that lies in the workspace', async () => {
    symlinkSync(elsewhere, inside('.pikaci'));
    expect(await pathsWith(inside('.pikaci'))).toEqual(['file']);
  });

  it('is never entered through other links to it', async () => {
    symlinkSync(elsewhere, inside('shortcut'));
    expect(await pathsWith(elsewhere)).toEqual(['file', 'shortcut']);
  });

  const memory = '/dev/shm';
  const differs = existsSync(memory) && statSync(memory).dev !== statSync(tmpdir()).dev;
  it.runIf(differs)('may lie on another file system', async () => {
    const stateRoot = mkdtempSync(join(memory, 'pikaci-state-'));
    expect(
      await pathsWith(stateRoot).finally(() => rmSync(stateRoot, { recursive: true })),
    ).toEqual(['file']);
  });
});
