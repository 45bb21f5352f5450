import type { RunRecord } from '@pikaci/model';
import { createRunStore } from '@pikaci/store';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

const config = `
schemaVersion: 1
templates:
  tested:
    matrix: { node: [22, 24], os: [bookworm, trixie], exclude: [{ node: 22, os: trixie }] }
    shell: sh -e
    cwd: packages/app
    env: { NODE: '\${matrix:node}' }
jobs:
  unit:
    extends: tested
    run:
      - { name: where, run: 'basename "$PWD"' }
      - 'test "$NODE" = \${matrix:node}; echo "\${matrix:os} $NODE"'
      - 'test \${matrix:node} = 24'
      - 'echo last'
  publish: { run: 'true', needs: [unit] }
`;

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('pikaci.config.yaml', config);
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write('packages/app/file', '');
  workspace.commit();
});
afterEach(() => workspace.remove());

async function cli(...argv: string[]) {
  const io = capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'] } });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

async function latest(): Promise<RunRecord> {
  const read = await createRunStore({ stateRoot: join(workspace.root, '.pikaci') }).read('latest');
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}
const statuses = ({ jobs }: RunRecord) => jobs.map(({ id, status }) => `${id} ${status}`).sort();

it('a job runs once for each combination of its matrix, its steps until one fails', async () => {
  expect(await cli('run', 'publish')).toMatchObject({ code: 1, stderr: '' });
  const record = await latest();
  expect(statuses(record)).toEqual([
    'publish skipped',
    'unit-22-bookworm failed',
    'unit-24-bookworm passed',
    'unit-24-trixie passed',
  ]);
  const log = (id: string) =>
    readFileSync(record.jobs.find((job) => job.id === id)!.guestLogPath, 'utf8');
  const steps = (os: string, node: number) =>
    `==> where\napp\n==> test "$NODE" = ${node}; echo "${os} $NODE"\n${os} ${node}\n==> test ${node} = 24\n`;
  expect(log('unit-24-trixie')).toBe(`${steps('trixie', 24)}==> echo last\nlast\n`);
  expect(log('unit-22-bookworm')).toBe(steps('bookworm', 22));
});

it('a slice of a matrix is run by the values of its axes, and its job by name means all of it', async () => {
  const plan = await cli('plan', 'unit', '--matrix', 'node=24', '--json');
  const { nodes } = JSON.parse(plan.stdout) as { readonly nodes: readonly { id: string }[] };
  expect(nodes.map(({ id }) => id)).toEqual(['execute-unit-24-bookworm', 'execute-unit-24-trixie']);
  const slice = ['--matrix', 'node=24', '--matrix', 'os=trixie', '--matrix', 'os=bookworm'];
  expect((await cli('run', 'publish', ...slice, '--except', 'unit-24-trixie')).code).toBe(0);
  expect(statuses(await latest())).toEqual(['unit-24-bookworm passed']);
  const slip = await cli('run', 'unit', '--matrix', 'node=20');
  expect(slip.code).toBe(2);
  expect(slip.stderr).toContain('No selected job is of a matrix with node=20');
  expect(slip.stderr).toContain('node is one of 22, 24.');
});
