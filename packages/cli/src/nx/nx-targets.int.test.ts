import type { RunRecord } from '@pikaci/model';
import { createRunStore } from '@pikaci/store';
import { createTestWorkspace, treeState, type TestWorkspace } from '@pikaci/testkit';
import { rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/** Runs a command in a workspace. */
async function cliIn(cwd: string, argv: readonly string[]) {
  const io = capturedIo({ cwd, env: { PATH: process.env['PATH'] } });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

interface PlannedNode {
  readonly id: string;
  readonly execute?: { readonly command: string };
}
async function planIn(cwd: string, ...argv: readonly string[]): Promise<readonly PlannedNode[]> {
  const { code, stdout, stderr } = await cliIn(cwd, ['plan', '--json', ...argv]);
  expect({ code, stderr: stderr.includes('error') ? stderr : '' }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as { readonly nodes: readonly PlannedNode[] }).nodes;
}
const jobsOf = (nodes: readonly PlannedNode[]) =>
  nodes.flatMap(({ id }) => (id.startsWith('execute-') ? [id.slice('execute-'.length)] : []));

describe('an Nx workspace', () => {
  let workspace: TestWorkspace;
  beforeEach(() => {
    workspace = createTestWorkspace({ git: true });
    // The Nx of this repository, as if it were installed: a link is a part of the snapshot.
    symlinkSync(join(repository, 'node_modules'), join(workspace.root, 'node_modules'));
    const project = (name: string, dependencies: readonly string[], command: string) => {
      const targets = {
        test: { command },
        ...(name === 'lib' ? { pack: { command: 'true' } } : {}),
      };
      const text = JSON.stringify({ name, implicitDependencies: dependencies, targets });
      workspace.write(`packages/${name}/project.json`, text);
      workspace.write(`packages/${name}/src`, name);
    };
    project('lib', [], 'echo lib is tested');
    project('app', ['lib'], 'test "$(cat packages/app/src)" = app');
    project('docs', [], 'echo docs are tested');
    const json = { targets: { test: { nx: { target: 'test' } } }, jobs: {} };
    workspace.write('pikaci.config.json', JSON.stringify({ schemaVersion: 1, ...json }));
    workspace.write('nx.json', '{ "analytics": false }');
    workspace.write('package.json', '{ "name": "root", "private": true }');
    workspace.write('.gitignore', '.pikaci\n.nx\n');
    workspace.commit();
  });
  afterEach(() => workspace.remove());

  const cli = (...argv: string[]) => cliIn(workspace.root, argv);
  async function latest(): Promise<RunRecord> {
    const store = createRunStore({ stateRoot: join(workspace.root, '.pikaci') });
    const read = await store.read('latest');
    if (!read.ok) throw new Error(read.error.message);
    return read.value;
  }
  const statuses = ({ jobs }: RunRecord) => jobs.map(({ id, status }) => `${id} ${status}`).sort();

  it('has a job for each project with the target, and planning leaves nothing behind', async () => {
    const before = treeState(workspace.root);
    const nodes = await planIn(workspace.root, 'test');
    expect(jobsOf(nodes)).toEqual(['test-app', 'test-docs', 'test-lib']);
    expect(nodes[0]?.execute?.command).toBe("node_modules/.bin/nx run 'app:test'");
    expect(treeState(workspace.root)).toEqual(before);
  });

  it('runs those that a change affects, those that depend on what changed included', async () => {
    workspace.write('packages/lib/src', 'changed');
    const changed = await cli('run', '--changed-since', 'HEAD');
    expect(changed).toMatchObject({ code: 0 });
    expect(changed.stdout).toContain('target test: 2 Nx projects affected by what changed');
    expect(statuses(await latest())).toEqual(['test-app passed', 'test-lib passed']);
    workspace.commit();
    workspace.write('notes', 'of no project');
    const none = await cli('run', '--changed-since', 'HEAD', '--fail-on-skip');
    expect(none.code).toBe(4);
    expect(none.stdout).toContain('no Nx project is affected by what changed');
  });

  it('is run again as far as it failed, also by the names of its jobs', async () => {
    workspace.write('packages/app/src', 'broken');
    expect((await cli('run', 'test')).code).toBe(1);
    const first = await latest();
    expect(statuses(first)).toEqual(['test-app failed', 'test-docs passed', 'test-lib passed']);
    workspace.write('packages/app/src', 'app');
    expect((await cli('run', '--failed')).code).toBe(0);
    const second = await latest();
    expect(statuses(second)).toEqual(['test-app passed']);
    expect(second.reusedResults.map(({ jobId }) => jobId)).toEqual(['test-docs', 'test-lib']);
    expect((await cli('run', 'test-docs')).code).toBe(0);
    expect(statuses(await latest())).toEqual(['test-docs passed']);
  });

  it('without Nx is told what to do', async () => {
    workspace.git('rm', '-q', '--cached', 'node_modules');
    rmSync(join(workspace.root, 'node_modules'));
    const { code, stderr } = await cli('plan', 'test');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no Nx in');
    expect(stderr).toContain('npm ci');
  });
});

it('this repository has a job for each of its packages, or for those that a change affects', async () => {
  const all = jobsOf(await planIn(repository, 'packages'));
  expect(all).toContain('packages-cli');
  expect(all).toContain('packages-model');
  const list = join(repository, 'packages/planner/src/index.ts');
  const io = capturedIo({
    cwd: repository,
    env: { PATH: process.env['PATH'] },
    readStdin: () => Promise.resolve(list),
  });
  expect(await runCli(['plan', 'packages', '--json', '--changed-files', '-'], io)).toBe(0);
  const { nodes } = JSON.parse(io.stdout.text) as { readonly nodes: readonly PlannedNode[] };
  const affected = jobsOf(nodes);
  expect(affected).toContain('packages-planner');
  expect(affected).toContain('packages-cli');
  expect(affected).not.toContain('packages-model');
});
