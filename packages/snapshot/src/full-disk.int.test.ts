import type { Failure } from '@pikaci/model';
import { hasSmallDisks, onSmallDisk, runInChild } from '@pikaci/testkit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useSnapshotRig } from './snapshot-rig.test.helper.js';

const rig = useSnapshotRig();
let disk: string;
beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'pikaci-disk-'));
});
afterEach(() => rmSync(disk, { recursive: true }));

interface Places {
  readonly stateRoot?: string;
  /** Where temporary files go. */
  readonly temporary?: string;
  readonly kibibytes?: number;
}

/** Takes a snapshot of the rig's workspace that cannot be taken. */
async function takeInVain({ kibibytes = 4096, ...given }: Places): Promise<Failure> {
  const asked = { stateRoot: rig.stateRoot, workspaceRoots: [rig.workspace.root], ...given };
  const child = await runInChild(
    new URL('take-in-child.test.helper.ts', import.meta.url),
    'takeMany',
    asked,
    onSmallDisk(disk, kibibytes),
  );
  expect(child).toMatchObject({ exitCode: 0, stderr: '' });
  return (JSON.parse(child.stdout) as { readonly error: Failure }).error;
}

const noise = (bytes: number) => 'a'.repeat(bytes);

describe.skipIf(!hasSmallDisks())('a disk that is full', () => {
  it.each([
    ['one large file', { big: noise(9_000_000) }],
    ['small files', Object.fromEntries([...Array(1500).keys()].map((n) => [`f${n}`, `${n}`]))],
    ['files that fit but for one', { a: noise(3_000_000), b: noise(3_000_000) }],
  ])('of the state root is named, with %s', async (_, files) => {
    for (const [name, text] of Object.entries(files)) rig.workspace.write(name, text);
    const failed = await takeInVain({ stateRoot: disk });
    expect(failed).toMatchObject({
      kind: 'infrastructure',
      message: `The disk of ${disk} is full`,
      location: { file: disk },
    });
    for (const way of ['npx pikaci gc', 'npx pikaci payload gc', '--state-root']) {
      expect(failed.hint).toContain(way);
    }
  });

  it('of temporary files is named', async () => {
    rig.workspace.write('big', noise(9_000_000));
    expect(await takeInVain({ temporary: disk })).toMatchObject({
      kind: 'infrastructure',
      message: `The disk of ${disk} is full`,
      hint: expect.stringContaining('TMPDIR') as string,
    });
  });

  it('of temporary files is named where nothing at all fits', async () => {
    rig.workspace.write('a', 'a');
    expect(await takeInVain({ temporary: disk, kibibytes: 4 })).toMatchObject({
      kind: 'infrastructure',
      message: `The disk of ${disk} is full`,
    });
  });

  it('is not blamed for what is wrong with the repository', async () => {
    rig.workspace.write('a', 'a');
    rig.workspace.write('.git/index', 'nonsense');
    expect(await takeInVain({ stateRoot: disk })).toMatchObject({ kind: 'snapshot' });
  });
});
