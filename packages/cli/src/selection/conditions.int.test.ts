import type { RunRecord } from '@pikaci/model';
import { createRunStore } from '@pikaci/store';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('.gitignore', '.pikaci\n');
});
afterEach(() => workspace.remove());

/** Runs jobs; gives the exit code, what was said, and the record. */
async function run(jobs: object, ...argv: string[]) {
  workspace.write('pikaci.config.json', JSON.stringify({ schemaVersion: 1, jobs }));
  const io = capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'] } });
  const code = await runCli(['run', ...Object.keys(jobs), ...argv], io);
  const read = await createRunStore({ stateRoot: join(workspace.root, '.pikaci') }).read('latest');
  if (!read.ok) throw new Error(read.error.message);
  return { code, stdout: io.stdout.text, record: read.value };
}
const statuses = ({ jobs }: RunRecord) => jobs.map(({ id, status }) => `${id} ${status}`);

it('a job that may fail fails, its run passes, and what needs it goes on', async () => {
  const { code, stdout, record } = await run({
    lint: { run: 'exit 3', allowFailure: true },
    after: { run: 'true', needs: ['lint'] },
  });
  expect(code).toBe(0);
  expect(statuses(record)).toEqual(['lint failed', 'after passed']);
  expect(record.jobs[0]).toMatchObject({ allowedFailure: true, exitCode: 3 });
  expect(stdout).toContain('1 failed (allowed), 1 passed');
});

it('a job that may fail stops nothing with --fail-fast, and a broken machine is not allowed', async () => {
  const fast = await run(
    { lint: { run: 'exit 3', allowFailure: true }, after: { run: 'true', needs: ['lint'] } },
    '--fail-fast',
  );
  expect(fast.code).toBe(0);
  const broken = await run(
    {
      lint: { run: 'true', allowFailure: true, user: '1000', runtime: 'incus' },
    },
    '--incus-socket',
    '/nowhere/incus',
    '--image',
    'x',
  );
  expect(broken.code).toBe(3);
  expect(broken.record.jobs[0]?.allowedFailure).toBe(false);
});

it('a job for failures runs after one, and one for both runs in any case', async () => {
  const jobs = (verdict: string) => ({
    build: { run: verdict },
    unit: { run: 'true', needs: ['build'] },
    report: { run: 'true', needs: ['build', 'unit'], when: 'failure' },
    tidy: { run: 'true', needs: ['unit'], when: 'always' },
  });
  const red = await run(jobs('false'));
  expect(red.code).toBe(1);
  expect(statuses(red.record)).toEqual([
    'build failed',
    'unit skipped',
    'report passed',
    'tidy passed',
  ]);
  const green = await run(jobs('true'));
  expect(green.code).toBe(0);
  expect(green.record.status).toBe('passed');
  expect(statuses(green.record)).toEqual([
    'build passed',
    'unit passed',
    'report skipped',
    'tidy passed',
  ]);
  const report = green.record.jobs.find(({ id }) => id === 'report');
  expect(report?.message).toBe('not run because nothing that it needs failed');
});
