import { createPayloadRig, type PayloadRig } from '@pikaci/testkit';
import { formatSnapshotEntries, snapshotEntriesFile, type SnapshotEntry } from '@pikaci/paths';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findInputFiles } from './input-files.js';
import { inputIdentity } from './input-identity.js';
import { listSnapshotFiles } from './snapshot-files.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

const odd = Buffer.from([0x6f, 0xff]);
const modes: readonly (readonly [Buffer, SnapshotEntry['mode']])[] = [
  [Buffer.from('.hidden'), '100644'],
  [Buffer.from('dir/link'), '120000'],
  [Buffer.from('dir/run'), '100755'],
  [Buffer.from('dir/[x]'), '100644'],
  [Buffer.from('new\nline'), '100644'],
  [odd, '100644'],
];

it('lists the same files from the list of entries as from the tree', async () => {
  mkdirSync(join(rig.snapshotDir, 'dir'));
  for (const [path, mode] of modes) {
    const target = Buffer.concat([Buffer.from(`${rig.snapshotDir}/`), path]);
    if (mode === '120000') symlinkSync('../x', target);
    else writeFileSync(target, 'x', { mode: mode === '100755' ? 0o755 : 0o644 });
  }
  rig.write('pikaci-snapshot.json', '{}');
  const sorted = [...modes].sort(([a], [b]) => Buffer.compare(a, b));
  const entries = sorted.map(([path, mode]) => ({ path, mode, object: 'e'.repeat(40) }));
  const walked = await listSnapshotFiles(rig.snapshotDir);
  expect(walked.map(({ object }) => object)).toEqual(modes.map(() => null));
  const globs = [['**'], ['.*'], ['dir/*'], ['dir/[x]'], ['**', '!dir/**'], ['new\nline']];
  const found = async () =>
    Promise.all(globs.map((some) => findInputFiles(rig.snapshotDir, some, 'x')));
  const inTree = await found();
  writeFileSync(snapshotEntriesFile(rig.snapshotDir), formatSnapshotEntries(entries));
  const listed = await listSnapshotFiles(rig.snapshotDir);
  expect(listed).toEqual(walked.map((file) => ({ ...file, object: 'e'.repeat(40) })));
  const inList = await found();
  const paths = (outcome: (typeof inList)[number]) =>
    outcome.ok ? outcome.value.map(({ relativePath }) => relativePath) : outcome.error.message;
  expect(inList.map(paths)).toEqual(inTree.map(paths));
});

it("never takes one of git's ids for the digest of a content, or for the target of a link", async () => {
  const id = 'a'.repeat(40);
  rig.write('file', 'x');
  symlinkSync(`git ${id}`, join(rig.snapshotDir, 'link'));
  const path = (name: string) => Buffer.from(join(rig.snapshotDir, name));
  const names = ['file', 'link'] as const;
  const identities = await Promise.all(
    [null, id].map((object) =>
      inputIdentity(
        names.map((kind) => {
          return { path: path(kind), relativePath: Buffer.from(kind), kind, object };
        }),
      ),
    ),
  );
  const values = identities.flat().map(({ value }) => value);
  expect(new Set(values).size).toBe(values.length);
  expect(values).toContain(`link target git ${id}`);
  expect(values).toContain(`link git ${id}`);
});
