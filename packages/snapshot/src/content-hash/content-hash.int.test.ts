import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSnapshotStore,
  hashTreeV1,
  hashWorkspaceV1,
  type ContentHashProfile,
} from '../index.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace();
});
afterEach(() => workspace.remove());

const at = (path: string) => join(workspace.root, path);

async function hashOf(profile: ContentHashProfile, stateRoot = at('.pikaci')): Promise<string> {
  const hash = await hashWorkspaceV1({ workspaceRoot: workspace.root, stateRoot, profile });
  if (!hash.ok) throw new Error(JSON.stringify(hash.error));
  return hash.value;
}

/** The tree of which the earlier format's documentation tells the hashes. */
function writeKnownTree(): void {
  workspace.write('a.txt', 'hello\n');
  workspace.write('src/run.sh', '#!/bin/sh\n');
  symlinkSync('../a.txt', at('src/link'));
  mkdirSync(at('empty'));
  workspace.write('build/b', 'b\n');
  workspace.write('node_modules/n', 'n\n');
  workspace.write('ios/i', 'i\n');
  workspace.write('android/d', 'd\n');
  workspace.write('target/x', 'x\n');
  workspace.write('sub/node_modules/n', 'n\n');
  workspace.write('sub/build/b', 'b\n');
}

describe('the first version of the content hash', () => {
  it.each([
    ['full', '165ebb5a329ca6cfbb3d44bae684d49dd3abfc0c35b7fc4bc9a5e12f6065a230'],
    ['staged-linux-rust', '1c42df17dfafd2bc97bfbdbbaf91ba0b64926255c5452f397e3d3fd94bca378c'],
    ['staged-linux-followup', '318a806c3125e9b91fa45fcbb5adff87ac6d4eec1261f1e7a5bfdd94e9790eb1'],
  ] as const)('of the known tree is the known one, profile %s', async (profile, expected) => {
    writeKnownTree();
    expect(await hashOf(profile)).toBe(expected);
    chmodSync(at('src/run.sh'), 0o755);
    workspace.write('.git/HEAD', 'x');
    workspace.write('.direnv/x', 'x');
    workspace.write('.pikaci/x', 'x');
    workspace.write('sub/target', 'a file of that name');
    workspace.write('pikaci-snapshot.json', '{}');
    expect(await hashOf(profile)).toBe(expected);
    workspace.write('sub/pikaci-snapshot.json', '{}');
    expect(await hashOf(profile)).not.toBe(expected);
  });

  it('leaves out the state root, whatever it is called', async () => {
    writeKnownTree();
    const before = await hashOf('full');
    workspace.write('state/runs/x', 'x');
    expect(await hashOf('full', at('state'))).toBe(before);
    expect(await hashOf('full')).not.toBe(before);
  });

  it('is over bytes: of names in any encoding, in their order, and of targets', async () => {
    const names = [Buffer.from('a.b'), Buffer.from([0x61, 0xff]), Buffer.from('a\n')];
    for (const name of names)
      writeFileSync(Buffer.concat([Buffer.from(`${workspace.root}/`), name]), name);
    symlinkSync(Buffer.from([0xfe]), at('z'));
    const parts = [...names]
      .sort((a, b) => Buffer.compare(a, b))
      .map((name) => [...Buffer.from('file\0'), ...name, 0, ...name, 0]);
    const link = [...Buffer.from('symlink\0z\0'), 0xfe, 0];
    const bytes = Buffer.from([...parts.flat(), ...link]);
    expect(await hashOf('full')).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('of a snapshot is over all files in it, whatever they are called, and not over its marker', async () => {
    workspace.write('target/kept', 'tracked');
    workspace.write('a', 'a');
    const store = createSnapshotStore({ stateRoot: at('.pikaci') });
    const taken = await store.take(workspace.root);
    if (!taken.ok) throw new Error(taken.error.message);
    const text = 'file\0a\0a\0dir\0target\0file\0target/kept\0tracked\0';
    const expected = createHash('sha256').update(text).digest('hex');
    expect(await hashTreeV1(taken.value.dir)).toEqual({ ok: true, value: expected });
  });

  it('refuses what it has no word for, and what is not there', async () => {
    mkdirSync(at('dir'));
    execFileSync('mkfifo', [at('dir/pipe')]);
    const pipe = await hashTreeV1(workspace.root);
    expect(!pipe.ok && pipe.error.message).toBe('unsupported filesystem entry: dir/pipe');
    expect(await hashTreeV1(at('missing'))).toMatchObject({ ok: false });
    expect(await hashTreeV1(workspace.root, AbortSignal.abort())).toMatchObject({
      ok: false,
      error: { kind: 'cancelled' },
    });
  });
});
