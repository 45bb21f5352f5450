import { snapshotsDirectory } from '@pikaci/paths';
import { createTestWorkspace, listTree, runInChild, type TestWorkspace } from '@pikaci/testkit';
import type { Snapshot } from '@pikaci/model';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSnapshotStore } from './index.js';

const files = 200;
let workspaces: TestWorkspace[];
let stateRoot: string;
beforeEach(() => {
  workspaces = [];
  stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-state-'));
});
afterEach(() => {
  for (const workspace of workspaces) workspace.remove();
  rmSync(stateRoot, { recursive: true, force: true });
});

function createWorkspace(content: string): TestWorkspace {
  const workspace = createTestWorkspace({ git: true });
  workspaces.push(workspace);
  for (let index = 0; index < files; index += 1)
    workspace.write(`d${index % 7}/f${index}`, content);
  workspace.commit();
  return workspace;
}

const contentOf = (dir: string) =>
  listTree(dir).filter((line) => !/ (pikaci-snapshot\.json|\.git(\/.*)?)$/.test(line));
const stored = () => readdirSync(snapshotsDirectory(stateRoot));

/** Takes snapshots in that many processes at once. */
async function takeInProcesses(roots: readonly (readonly string[])[]): Promise<Snapshot[][]> {
  const helper = new URL('take-in-child.test.helper.ts', import.meta.url);
  const ends = await Promise.all(
    roots.map((workspaceRoots) => runInChild(helper, 'takeMany', { stateRoot, workspaceRoots })),
  );
  return ends.map(({ exitCode, stdout, stderr }) => {
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Snapshot);
  });
}

describe('several processes that take snapshots at once', () => {
  it('make one whole result of the same workspace', async () => {
    const { root } = createWorkspace('same');
    const taken = (await takeInProcesses(Array.from({ length: 3 }, () => [root]))).flat();
    expect(new Set(taken.map(({ hash }) => hash)).size).toBe(1);
    expect(taken.filter(({ reused }) => !reused)).toHaveLength(1);
    expect(stored()).toEqual([taken[0]?.hash]);
    expect(contentOf(taken[0]?.dir ?? '')).toEqual(contentOf(root));
  });

  it('do not disturb each other with different ones, new or beside earlier ones', async () => {
    const roots = ['a', 'b', 'c'].map((content) => createWorkspace(content).root);
    const orders = [roots, [...roots].reverse(), [...roots.slice(1), roots[0] ?? '']];
    for (const round of [1, 2]) {
      const taken = (await takeInProcesses(orders)).flat();
      expect(stored()).toHaveLength(3 * round);
      for (const snapshot of taken) {
        expect(contentOf(snapshot.dir)).toEqual(contentOf(snapshot.sourceRoot));
      }
      for (const workspace of workspaces) workspace.write('d1/changed', workspace.root);
    }
  });

  it('make a damaged one anew, once', async () => {
    const { root } = createWorkspace('damaged');
    const store = createSnapshotStore({ stateRoot });
    const first = await store.take(root);
    if (!first.ok) throw new Error(first.error.message);
    rmSync(join(first.value.dir, 'pikaci-snapshot.json'));
    const taken = (await takeInProcesses(Array.from({ length: 3 }, () => [root]))).flat();
    expect(taken.filter(({ reused }) => !reused)).toHaveLength(1);
    expect(stored()).toEqual([first.value.hash]);
    expect(contentOf(first.value.dir)).toEqual(contentOf(root));
  });
});

it('does not sweep away what another process is making at the moment', async () => {
  const { root } = createWorkspace('slow');
  const other = createWorkspace('other').root;
  let swept: readonly string[] = [];
  const slow = createSnapshotStore({
    stateRoot,
    onStep: async (step) => {
      if (step !== 'listed') return;
      // Takes and finishes another snapshot, sweeping as it begins, while this one lies half done.
      const before = stored();
      mkdirSync(join(snapshotsDirectory(stateRoot), '.staging-1-1-00000000-00000000-00000000'));
      await takeInProcesses([[other]]);
      swept = before.filter((name) => !stored().includes(name));
    },
  });
  const taken = await slow.take(root);
  if (!taken.ok) throw new Error(taken.error.message);
  expect(swept).toEqual([]);
  expect(contentOf(taken.value.dir)).toEqual(contentOf(root));
});
