import { createTestWorkspace } from '@pikaci/testkit';
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSnapshotStore } from './index.js';

interface Entry {
  readonly kind: 'file' | 'executable' | 'link';
  readonly content: string;
}
/** A tree by path. Directory and file names are of different alphabets, so that no file is in another's way. */
type Tree = Record<string, Entry>;

const entry: fc.Arbitrary<Entry> = fc.record({
  kind: fc.constantFrom('file', 'executable', 'link'),
  content: fc.stringMatching(/^[a-c]{1,2}$/),
});
const tree = fc.dictionary(fc.stringMatching(/^([A-B]\/){0,2}[a-c\n -]{1,3}$/), entry, {
  maxKeys: 5,
});

function write(root: string, files: Tree): void {
  for (const [path, { kind, content }] of Object.entries(files)) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    if (kind === 'link') symlinkSync(content, target);
    else writeFileSync(target, content, { mode: kind === 'executable' ? 0o755 : 0o644 });
  }
}

const normal = (files: Tree) =>
  JSON.stringify(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));

async function hashOf(files: Tree, git: boolean): Promise<{ identity: string; copy: string }> {
  const workspace = createTestWorkspace({ git });
  const stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-state-'));
  try {
    write(workspace.root, files);
    const store = createSnapshotStore({ stateRoot });
    const taken = await store.take(workspace.root);
    if (!taken.ok) throw new Error(JSON.stringify(taken.error));
    const copy = await store.identify(taken.value.dir);
    return { identity: taken.value.hash, copy: copy.ok ? copy.value.hash : copy.error.message };
  } finally {
    workspace.remove();
    rmSync(stateRoot, { recursive: true, force: true });
  }
}

describe('snapshots of any two trees', () => {
  it('have the same hash exactly when the trees are equal, and are fixed points', async () => {
    const trees = fc.tuple(tree, fc.option(tree));
    await fc.assert(
      fc.asyncProperty(trees, async ([first, other]) => {
        const second = other ?? first;
        const [one, two] = await Promise.all([hashOf(first, true), hashOf(second, false)]);
        expect(one.copy).toBe(one.identity);
        expect(two.copy).toBe(two.identity);
        expect(one.identity === two.identity).toBe(normal(first) === normal(second));
      }),
      { numRuns: 12 },
    );
  });
});
