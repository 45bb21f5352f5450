import { pathListMatcher } from '@pikaci/paths';
import { createTestWorkspace, listTree } from '@pikaci/testkit';
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSnapshotStore, type SnapshotGlobs } from './index.js';

interface Entry {
  readonly kind: 'file' | 'executable' | 'link';
  readonly content: string;
}
/**
 * A tree by path, each character of which stands for a byte. Directory and file names are of different alphabets, so
 * that no file is in another's way.
 */
type Tree = Record<string, Entry>;

const entry: fc.Arbitrary<Entry> = fc.record({
  kind: fc.constantFrom('file', 'executable', 'link'),
  content: fc.stringMatching(/^[a-c]{1,2}$/),
});
const treeOf = (paths: RegExp) => fc.dictionary(fc.stringMatching(paths), entry, { maxKeys: 5 });
const anyTree = treeOf(/^([AB\xe9]\/){0,2}[a-c\n "\\\xff-]{1,3}$/);

const bytes = (path: string) => Buffer.from(path, 'latin1');

function write(root: string, files: Tree): void {
  for (const [path, { kind, content }] of Object.entries(files)) {
    const target = Buffer.concat([Buffer.from(`${root}/`), bytes(path)]);
    mkdirSync(target.subarray(0, target.lastIndexOf('/')), { recursive: true });
    if (kind === 'link') symlinkSync(content, target);
    else writeFileSync(target, content, { mode: kind === 'executable' ? 0o755 : 0o644 });
  }
}

const normal = (files: Tree) =>
  JSON.stringify(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));

interface Taken {
  readonly identity: string;
  /** What the snapshot says of itself. */
  readonly copy: string;
  /** Everything but directories in the workspace, and in the snapshot. */
  readonly original: readonly string[];
  readonly files: readonly string[];
}

const own = / (pikaci-snapshot\.json|\.git(\/.*)?)$/;
const filesIn = (dir: string) =>
  listTree(dir).filter((line) => !own.test(line) && !line.startsWith('directory'));

async function takeOf(files: Tree, git: boolean, globs: SnapshotGlobs = {}): Promise<Taken> {
  const workspace = createTestWorkspace({ git });
  const stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-state-'));
  try {
    write(workspace.root, files);
    const store = createSnapshotStore({ stateRoot, globs });
    const taken = await store.take(workspace.root);
    if (!taken.ok) throw new Error(JSON.stringify(taken.error));
    const copy = await store.identify(taken.value.dir);
    return {
      identity: taken.value.hash,
      copy: copy.ok ? copy.value.hash : copy.error.message,
      original: filesIn(workspace.root),
      files: filesIn(taken.value.dir),
    };
  } finally {
    workspace.remove();
    rmSync(stateRoot, { recursive: true, force: true });
  }
}

describe('snapshots of any two trees', () => {
  it('hold all files, have the same hash exactly when the trees are equal, and are fixed points', async () => {
    const trees = fc.tuple(anyTree, fc.option(anyTree));
    await fc.assert(
      fc.asyncProperty(trees, async ([first, other]) => {
        const second = other ?? first;
        const [one, two] = await Promise.all([takeOf(first, true), takeOf(second, false)]);
        for (const { copy, identity, files, original } of [one, two]) {
          expect(copy).toBe(identity);
          expect(files).toEqual(original);
        }
        expect(one.identity === two.identity).toBe(normal(first) === normal(second));
      }),
      { numRuns: 12 },
    );
  });
});

describe('a snapshot of any tree with any globs', () => {
  /** Names that begin with i are ignored. */
  const ignoringTree = treeOf(/^([AB]\/){0,2}[ab][ab]?$|^([AB]\/){0,2}i[ab]$/).map(
    (files): Tree => ({ ...files, '.gitignore': { kind: 'file', content: 'i*\n' } }),
  );
  const glob = fc.constantFrom('**', 'A/**', 'B/', '**/i*', 'i*', 'a', '!**/ib', '!A/**', '*/*');
  const globs = fc.record({
    include: fc.array(glob, { maxLength: 3 }),
    exclude: fc.array(glob, { maxLength: 2 }),
  });

  it('holds what git takes or they include, less what they exclude, and is a fixed point', async () => {
    await fc.assert(
      fc.asyncProperty(
        ignoringTree,
        globs,
        fc.boolean(),
        async (tree, { include, exclude }, git) => {
          const taken = await takeOf(tree, git, { include, exclude });
          const [includes, excludes] = [pathListMatcher(include), pathListMatcher(exclude)];
          const counts = (path: string) =>
            (!/(^|\/)i/.test(path) || includes(path)) && !excludes(path);
          const wanted = taken.original.filter((line) => counts(line.split(' ').at(-1) ?? ''));
          expect(taken.files).toEqual(wanted);
          expect(taken.copy).toBe(taken.identity);
        },
      ),
      { numRuns: 20 },
    );
  });
});
