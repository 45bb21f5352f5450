import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { currentOwner, readRunLeases, takeRunLease } from '@pikaci/store';
import type { TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';
import { workspaceWithWaitingJob } from '../waiting-job.test.helper.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = workspaceWithWaitingJob();
});
afterEach(() => workspace.remove());

const world = () => capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'] } });

it('keeps the lease of what an earlier process of the run has kept', async () => {
  const io = world();
  const cancelled = runCli(['run', 'unit', '--keep', 'on-failure'], io);
  await expect.poll(() => readdirSync(workspace.root), { timeout: 20_000 }).toContain('begun');
  io.signals.emit('SIGTERM');
  expect(await cancelled).toBe(130);
  expect(io.stderr.text).toContain('of jobs that are processes nothing is kept');
  const stateRoot = join(workspace.root, '.pikaci');
  // Nothing is kept of a job that was cancelled.
  expect(await readRunLeases(stateRoot)).toEqual([]);

  const [runId = ''] = readdirSync(join(stateRoot, 'runs'));
  const keptUntil = new Date(Date.now() + 3_600_000).toISOString();
  const gone = { ...currentOwner(), pid: spawnSync(process.execPath, ['-e', '']).pid };
  await takeRunLease(stateRoot, runId, [], gone, keptUntil);
  workspace.write('go', '');
  expect(await runCli(['resume'], world())).toBe(0);
  expect(await readRunLeases(stateRoot)).toMatchObject([{ name: runId, keptUntil }]);
});
