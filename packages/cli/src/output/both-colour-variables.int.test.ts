import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundlePikaci } from '../faults/bundle-pikaci.test.helper.js';

let directory: string;
let program: string;
let workspace: TestWorkspace;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pikaci-colours-'));
  program = await bundlePikaci(directory, 'pikaci');
  workspace = createTestWorkspace({ git: true });
  workspace.write(
    'pikaci.config.json',
    '{ "schemaVersion": 1, "jobs": { "unit": { "run": "x" } } }',
  );
});
afterAll(() => {
  workspace.remove();
  rmSync(directory, { recursive: true, force: true });
});

it('lets NO_COLOR win over FORCE_COLOR, and Node says nothing of it', () => {
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', FORCE_COLOR: '1' };
  const shown = execFileSync('/bin/sh', ['-c', '"$0" "$1" list 2>&1', process.execPath, program], {
    cwd: workspace.root,
    env,
    encoding: 'utf8',
  });
  expect(shown).toContain('unit');
  expect(shown).not.toContain('\u001b');
  expect(shown).not.toContain('Warning');
});
