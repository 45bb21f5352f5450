import { createPayloadRig, prepared, shellBuildRuntimes, type PayloadRig } from '@pikaci/testkit';
import type { PreparedPayload, PreparePayloadRequest } from '@pikaci/model';
import {
  formatSnapshotEntries,
  payloadDecisionsDirectory,
  payloadLayout,
  snapshotEntriesFile,
} from '@pikaci/paths';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPayloadStore } from '../index.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
  rig.write('a', 'a');
  rig.write('b', 'b');
});
afterEach(() => rig.remove());

const config = {
  kind: 'command',
  run: 'ls > "$PIKACI_OUTPUT/x"',
  inputs: ['a'],
  mounts: [{ name: 'x', path: 'x', guestPath: '/x' }],
};

const prepare = async (
  change: object = {},
  overrides: Partial<PreparePayloadRequest> = {},
): Promise<PreparedPayload> => {
  const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
  return prepared(await store.prepare(rig.request({ ...config, ...change }, overrides)));
};
/** Makes the rig's snapshot one of the snapshot store's: it has a list of its entries. */
const writeEntries = (objects: Readonly<Record<string, string>>) => {
  const entries = Object.entries(objects).map(([path, object]) => {
    return { path: Buffer.from(path), mode: '100644' as const, object: object.repeat(40) };
  });
  writeFileSync(snapshotEntriesFile(rig.snapshotDir), formatSnapshotEntries(entries));
};
const snapshotOf = (hash: string): PreparePayloadRequest['snapshot'] => {
  return { dir: rig.snapshotDir, sourceRoot: rig.dir, hash: hash.repeat(64) };
};
const decisions = () => {
  const directory = payloadDecisionsDirectory(rig.stateRoot);
  return existsSync(directory) ? readdirSync(directory) : [];
};

describe('a payload of a snapshot that has a list of its entries', () => {
  it('is found again without a look at the list or at the tree', async () => {
    writeEntries({ a: '1', b: '2' });
    const first = await prepare();
    expect(decisions()).toHaveLength(1);
    rmSync(snapshotEntriesFile(rig.snapshotDir));
    rmSync(rig.snapshotDir, { recursive: true });
    expect(await prepare()).toEqual({ ...first, reused: true });
  });

  it('has the key that the ids in the list make, whichever snapshot they are in', async () => {
    writeEntries({ a: '1', b: '2' });
    const one = await prepare({}, { snapshot: snapshotOf('1') });
    writeEntries({ a: '1', b: '3' });
    const unrelated = await prepare({}, { snapshot: snapshotOf('2') });
    expect(unrelated).toEqual({ ...one, reused: true });
    writeEntries({ a: '4', b: '3' });
    const changed = await prepare({}, { snapshot: snapshotOf('3') });
    expect(changed.contentKey).not.toBe(one.contentKey);
    expect(decisions()).toHaveLength(3);
  });

  it('has a decision for each configuration of it', async () => {
    writeEntries({ a: '1', b: '2' });
    const one = await prepare();
    const keys = [one];
    for (const change of [{ inputs: ['*'] }, { run: `${config.run}; true` }, { inputs: ['b'] }]) {
      keys.push(await prepare(change));
    }
    keys.push(await prepare({}, { dependencies: [one] }));
    expect(new Set(keys.map(({ contentKey }) => contentKey)).size).toBe(keys.length);
    expect(decisions()).toHaveLength(keys.length);
  });

  it('is built again when it is gone, whatever was decided', async () => {
    writeEntries({ a: '1', b: '2' });
    const first = await prepare();
    rmSync(payloadLayout(rig.stateRoot, first.contentKey).dir, { recursive: true });
    // In a time of its own.
    expect({ ...(await prepare()), buildMs: first.buildMs }).toEqual(first);
  });

  it('is looked for in the list when the decision is no key', async () => {
    writeEntries({ a: '1', b: '2' });
    const first = await prepare();
    const file = join(payloadDecisionsDirectory(rig.stateRoot), decisions()[0]!);
    for (const text of ['', 'x'.repeat(64), `${first.contentKey}\n`, '../..']) {
      writeFileSync(file, text);
      expect(await prepare()).toEqual({ ...first, reused: true });
    }
  });

  it('pushes out the oldest decisions when there are many', async () => {
    writeEntries({ a: '1', b: '2' });
    const directory = payloadDecisionsDirectory(rig.stateRoot);
    mkdirSync(directory, { recursive: true });
    for (let index = 0; index < 1000; index += 1) {
      writeFileSync(join(directory, `${index}`), '');
      utimesSync(join(directory, `${index}`), 1000 + index, 1000 + index);
    }
    await prepare();
    expect(decisions()).toHaveLength(501);
    expect(decisions()).toContain('999');
    expect(decisions()).not.toContain('499');
  });
});

it('remembers nothing of a tree that was made by hand, which may change under its hash', async () => {
  const first = await prepare();
  expect(decisions()).toEqual([]);
  rig.write('a', 'changed');
  expect((await prepare()).contentKey).not.toBe(first.contentKey);
});
