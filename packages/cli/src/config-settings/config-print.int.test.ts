import { createTestWorkspace, treeState, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace();
  workspace.write(
    'pikaci.config.yaml',
    `schemaVersion: 1
runtimes: { incus: { image: tiny } }
templates:
  node: { timeoutSeconds: 60, env: { A: '1' } }
jobs:
  unit: { extends: node, run: test, matrix: { v: [1, 2] }, env: { B: '\${matrix:v}' } }
`,
  );
});
afterEach(() => workspace.remove());

async function cli(argv: readonly string[], env: Record<string, string> = {}) {
  const io = capturedIo({ cwd: workspace.root, env });
  const code = await runCli(['config', ...argv], io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}
const origins = async (argv: readonly string[], env: Record<string, string> = {}) => {
  const { stdout } = await cli(['print', '--json', ...argv], env);
  return JSON.parse(stdout) as {
    readonly config: { readonly jobs: Record<string, { readonly run: string }> };
    readonly origins: Record<string, string>;
  };
};

it('shows every setting and the place that says so, in templates and matrices as well', async () => {
  const before = treeState(workspace.root);
  const { config, origins: from } = await origins([]);
  expect(Object.keys(config.jobs)).toEqual(['unit-1', 'unit-2']);
  expect(from).toMatchObject({
    schemaVersion: 'pikaci.config.yaml:1:16',
    'defaults.timeoutSeconds': 'default',
    'runtimes.incus.image': 'pikaci.config.yaml:2:29',
    'jobs.unit-1.run': 'pikaci.config.yaml:6:31',
    'jobs.unit-2.timeoutSeconds': 'pikaci.config.yaml:4:27',
    'jobs.unit-2.env.A': 'pikaci.config.yaml:4:41',
    'jobs.unit-2.env.B': 'pikaci.config.yaml:6:70',
    'jobs.unit-1.needs': 'default',
  });
  expect(treeState(workspace.root)).toEqual(before);
});

it('shows what flags and variables say', async () => {
  const env = { PIKACI_INCUS_SOCKET: '/env.sock', PIKACI_INCUS_IMAGE: 'other' };
  const { origins: from } = await origins(['--image', 'flagged'], env);
  expect(from['runtimes.incus.socket']).toBe('PIKACI_INCUS_SOCKET');
  expect(from['runtimes.incus.image']).toBe('--image');
});

it('shows one part of it, one setting a line', async () => {
  const { code, stdout } = await cli(['print', 'jobs.unit-2.env']);
  expect(code).toBe(0);
  expect(stdout).toBe(
    'jobs.unit-2.env.A  "1"  pikaci.config.yaml:4:41\njobs.unit-2.env.B  "2"  pikaci.config.yaml:6:70\n',
  );
  const none = await cli(['print', 'jobs.unti']);
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('The configuration has no setting "jobs.unti"');
  expect(none.stderr).toMatch(/jobs has (\S+, )*unit-2/u);
  expect((await cli(['print', 'job'])).stderr).toMatch(/It has schemaVersion, .*jobs/u);
});

it('prints the schema that editors check by', async () => {
  const { stdout } = await cli(['schema']);
  expect(JSON.parse(stdout)).toMatchObject({ required: ['schemaVersion', 'jobs'] });
});
