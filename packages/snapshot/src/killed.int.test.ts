import { sweepTemporaryDirectories } from '@pikaci/host';
import { snapshotsDirectory } from '@pikaci/paths';
import { createTestWorkspace, listTree, runInChild, type TestWorkspace } from '@pikaci/testkit';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSnapshotStore, snapshotSteps } from './index.js';

let workspace: TestWorkspace;
let stateRoot: string;
let temporary: string;
const usualTemporary = process.env['TMPDIR'];
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-state-'));
  temporary = mkdtempSync(join(tmpdir(), 'pikaci-temporary-'));
  process.env['TMPDIR'] = temporary;
});
afterEach(() => {
  workspace.remove();
  if (usualTemporary === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usualTemporary;
  for (const dir of [stateRoot, temporary]) rmSync(dir, { recursive: true, force: true });
});

const contentOf = (dir: string) =>
  listTree(dir).filter((line) => !/ (pikaci-snapshot\.json|\.git(\/.*)?)$/.test(line));

describe.each(['a first snapshot', 'one beside an earlier one'])('%s', (which) => {
  it.each(snapshotSteps)(
    'is there whole or not at all when its process was killed after "%s", and is made the next time',
    async (step) => {
      workspace.write('dir/file', 'x');
      workspace.commit();
      const store = createSnapshotStore({ stateRoot });
      const earlier = which === 'a first snapshot' ? 0 : 1;
      if (earlier === 1) await store.take(workspace.root);
      workspace.write('dir/other', 'y');
      const request = { stateRoot, workspaceRoot: workspace.root, step };
      const child = await runInChild(
        new URL('die-at-step.test.helper.ts', import.meta.url),
        'takeAndDie',
        request,
      );
      expect(child).toMatchObject({ signal: 'SIGKILL', stderr: '' });

      const left = () => readdirSync(temporary).filter((name) => name.startsWith('pikaci-tmp-'));
      expect(left()).toHaveLength(1);
      const published = step === 'published';
      const found = readdirSync(snapshotsDirectory(stateRoot)).filter((name) => name[0] !== '.');
      expect(found).toHaveLength(earlier + (published ? 1 : 0));
      const taken = await store.take(workspace.root);
      if (!taken.ok) throw new Error(taken.error.message);
      expect(taken.value.reused).toBe(published);
      expect(contentOf(taken.value.dir)).toEqual(contentOf(workspace.root));
      if (!published) expect(readdirSync(snapshotsDirectory(stateRoot))).toHaveLength(earlier + 1);
      else await sweepTemporaryDirectories();
      expect(left()).toEqual([]);
    },
  );
});
