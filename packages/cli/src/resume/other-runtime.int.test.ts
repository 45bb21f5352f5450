import type { TestWorkspace } from '@pikaci/testkit';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';
import { workspaceWithWaitingJob } from '../waiting-job.test.helper.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = workspaceWithWaitingJob({ runtime: 'incus' });
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
