import {
  asExpectation,
  createPayloadRig,
  readCorpus,
  shellBuildRuntimes,
  listTree,
  makeTree,
  needsRoot,
  type PayloadRig,
  type TreeRecipe,
} from '@pikaci/testkit';
import { removeTree } from '@pikaci/host';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore } from '../index.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(async () => {
  expect(await removeTree(rig.dir)).toMatchObject({ ok: true });
});

const isRoot = process.getuid?.() === 0;
const cases = readCorpus(new URL('../../corpus/trees', import.meta.url));
const runnable = (tree: TreeRecipe) => isRoot || !needsRoot(tree);

/** The two ways in which a tree comes into the store. */
const ways: readonly [string, (source: string) => unknown][] = [
  ['a directory', (source) => ({ kind: 'directory', source, mounts: [] })],
  [
    'a build',
    (source) => ({
      kind: 'command',
      run: `find '${source}' -mindepth 1 -maxdepth 1 -exec mv -t "$PIKACI_OUTPUT" {} +`,
      mounts: [],
    }),
  ],
];

describe.each(ways)('the corpus of trees, as %s', (_way, payload) => {
  it('is there', () => expect(cases.length).toBeGreaterThan(25));

  for (const { name, title, tree, expect: expected } of cases) {
    it.runIf(runnable(tree))(`${name}: ${title}`, async () => {
      const source = join(rig.dir, 'source');
      mkdirSync(source);
      await makeTree(source, tree);
      const before = expected === 'accepted' ? listTree(source) : null;
      const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
      const outcome = await store.prepare(rig.request(payload(source)));
      expect(asExpectation(outcome, rig.dir)).toEqual(expected);
      expect(left(rig.stateRoot)).toHaveLength(outcome.ok ? 1 : 0);
      if (outcome.ok) expect(listTree(outcome.value.storePath)).toEqual(before);
    });
  }
});

/** Payloads, and anything that a failed build forgot. */
function left(stateRoot: string): readonly string[] {
  const store = join(stateRoot, 'cache/payloads');
  const names = existsSync(store) ? readdirSync(store) : [];
  return names.filter((name) => !name.startsWith('.') || name.startsWith('.staging'));
}
