import { payloadManifestRelativePath } from '@pikaci/model';
import {
  asExpectation,
  createPayloadRig,
  makeTree,
  readCorpus,
  shellBuildRuntimes,
  type PayloadRig,
} from '@pikaci/testkit';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore } from '../index.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

function writeManifest(source: string, manifest: unknown): void {
  const file = join(source, payloadManifestRelativePath);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
}

const cases = readCorpus(new URL('../../corpus/manifests', import.meta.url));

describe('the corpus of manifests', () => {
  it('is there', () => expect(cases.length).toBeGreaterThan(100));

  it.each(cases)('$name: $title', async ({ tree, manifest, expect: expected }) => {
    const source = join(rig.dir, 'source');
    mkdirSync(source);
    await makeTree(source, tree);
    if (manifest != null) writeManifest(source, manifest);
    const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
    const outcome = await store.prepare(rig.request({ kind: 'directory', source }));
    expect(asExpectation(outcome, rig.dir)).toEqual(expected);
    const kept = readdirSync(join(rig.stateRoot, 'cache/payloads')).filter(
      (name) => !name.startsWith('.'),
    );
    expect(kept).toHaveLength(outcome.ok ? 1 : 0);
    if (!outcome.ok) expect(outcome.error.kind).toBe('payload');
  });
});
