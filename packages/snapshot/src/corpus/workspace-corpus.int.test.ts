import { removeTree } from '@pikaci/host';
import {
  asExpectation,
  createTestWorkspace,
  listTree,
  makeTree,
  needsRoot,
  readCorpus,
  type CorpusCase,
} from '@pikaci/testkit';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSnapshotStore } from '../index.js';

/** What a snapshot has less or more than its workspace, as lines of `listTree`. */
interface Difference {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

const cases = readCorpus(new URL('../../corpus', import.meta.url)) as readonly (CorpusCase & {
  readonly differs?: Difference;
})[];

const isRoot = process.getuid?.() === 0;
/** The repository itself, and the marker: neither is of the workspace's content. */
const own = / (pikaci-snapshot\.json|\.git(\/.*)?)$/;

function difference(workspace: string, snapshot: string): Difference {
  const wanted = listTree(workspace).filter((line) => !own.test(line));
  const got = listTree(snapshot).filter((line) => !own.test(line));
  return {
    missing: wanted.filter((line) => !got.includes(line)),
    extra: got.filter((line) => !wanted.includes(line)),
  };
}

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'pikaci-corpus-')));
});
afterEach(async () => {
  expect(await removeTree(dir)).toMatchObject({ ok: true });
});

describe.each([
  ['without git', false],
  ['with git', true],
])('the corpus of workspaces %s', (_title, git) => {
  it('is there', () => expect(cases.length).toBeGreaterThan(30));

  for (const { name, title, tree, expect: expected, differs } of cases) {
    it.runIf(isRoot || !needsRoot(tree))(`${name}: ${title}`, async () => {
      const workspace = createTestWorkspace({ git });
      await makeTree(workspace.root, tree);
      const store = createSnapshotStore({ stateRoot: join(dir, 'state') });
      const taken = await store.take(workspace.root);
      expect(asExpectation(taken, workspace.root)).toEqual(expected);
      if (taken.ok) {
        const nothing = { missing: [], extra: [] };
        expect(difference(workspace.root, taken.value.dir)).toEqual(differs ?? nothing);
        expect(await store.identify(taken.value.dir)).toMatchObject({
          ok: true,
          value: { hash: taken.value.hash },
        });
      }
      expect(await removeTree(workspace.root)).toMatchObject({ ok: true });
    });
  }
});
