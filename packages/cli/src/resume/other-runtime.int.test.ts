import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('.gitignore', '.pikaci\nbegun\ngo\n');
  const [begun, go] = ['begun', 'go'].map((name) => join(workspace.root, name));
  const run = `: >${begun}; until [ -e ${go} ]; do sleep 0.02; done`;
  workspace.write(
    'pikaci.config.json',
    JSON.stringify({ schemaVersion: 1, jobs: { unit: { run, runtime: 'incus' } } }),
  );
  workspace.commit();
});
afterEach(() => workspace.remove());

const world = () => capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'] } });

it('a run that had another runtime than the configuration says is gone on with in that one', async () => {
  const io = world();
  const cancelled = runCli(['run', 'unit', '--runtime', 'process'], io);
  await expect.poll(() => readdirSync(workspace.root), { timeout: 20_000 }).toContain('begun');
  io.signals.emit('SIGTERM');
  expect(await cancelled).toBe(130);
  workspace.write('go', '');
  const resumed = world();
  expect({ code: await runCli(['resume'], resumed), stderr: resumed.stderr.text }).toEqual({
    code: 0,
    stderr: '',
  });
});
