import { mkdtemp, realpath } from 'node:fs/promises';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from '../children/child.js';
import type { TreeAnswer } from '../children/tree-child.js';
import { treeShape } from '../tree/tree-plan.js';
import { writeTree } from '../tree/write-tree.js';
import type { CleanUp } from './clean-up.js';
import { removeDirectory, runProgram } from './run-program.js';

/** A tree on disk. */
export interface BenchTree {
  readonly dir: string;
  readonly entries: number;
  /** A file deep in it, relative to it. */
  readonly deepFile: string;
}

/** The directory of one benchmark run. Trees are made when they are first asked for. */
export interface BenchPlace {
  readonly dir: string;
  readonly cleanUp: CleanUp;
  /** An empty directory of its own. */
  freshDirectory(name: string): string;
  /** A tree with this many files and links; never to be changed. */
  tree(entries: number): BenchTree;
  /** The same tree, committed in a new git repository and packed, as after a clone. */
  repository(entries: number): Promise<BenchTree>;
}

export async function createBenchPlace(parent: string, cleanUp: CleanUp): Promise<BenchPlace> {
  const dir = await realpath(await mkdtemp(join(parent, 'pikaci-bench-')));
  cleanUp.add(`remove ${dir}`, () => removeDirectory(dir));
  // Guests' users are strangers to the host, and must be able to reach what is mounted for them.
  chmodSync(dir, 0o755);
  const trees = new Map<number, BenchTree>();
  let directories = 0;
  const freshDirectory = (name: string) => {
    const fresh = join(dir, `${name}-${directories++}`);
    mkdirSync(fresh);
    return fresh;
  };
  const write = (name: string, entries: number): BenchTree => {
    const root = freshDirectory(`${name}-${entries}`);
    return { dir: root, entries, deepFile: writeTree(root, treeShape(entries)) };
  };
  return {
    dir,
    cleanUp,
    freshDirectory,
    tree: (entries) => remembered(trees, entries, () => write('tree', entries)),
    repository: async (entries) => {
      const root = freshDirectory(`repository-${entries}`);
      // In another process: a large one takes longer to start each git, which is most of what is measured then.
      const { deepFile } = await runChild<TreeAnswer>('tree-child', { dir: root, entries });
      return commitAll({ dir: root, entries, deepFile });
    },
  };
}

function remembered<Key, Value>(made: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = made.get(key);
  if (found !== undefined) return found;
  const value = make();
  made.set(key, value);
  return value;
}

async function commitAll(tree: BenchTree): Promise<BenchTree> {
  const env = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'gc.auto=0'];
  for (const command of [
    ['init', '--quiet'],
    ['add', '--all'],
    [...author, 'commit', '--quiet', '--message', 'all'],
    ['repack', '-a', '-d', '--quiet'],
    ['status', '--porcelain'],
  ]) {
    await runProgram('git', command, { cwd: tree.dir, env });
  }
  return tree;
}
