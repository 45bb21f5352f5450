import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  const mounts = [{ name: 'words', workspacePath: 'words' }];
  const config = {
    schemaVersion: 1,
    payloads: { words: { kind: 'command', run: 'echo > "$PIKACI_OUTPUT/w"', mounts } },
    jobs: {
      unit: { run: 'cat words/w', payloads: ['words'] },
      red: { run: 'false' },
      late: { run: 'true', needs: ['red'] },
    },
  };
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.commit();
});
afterEach(() => workspace.remove());

async function cli(...argv: string[]) {
  const io = capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'] } });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

it('prepared outputs are told in lines with tabs, and as the record', async () => {
  await cli('run', 'unit');
  const { code, stdout } = await cli('prepared-outputs', 'latest');
  expect(code).toBe(0);
  const [run, version, count, output = '', ...rest] = stdout.split('\n');
  expect(run).toMatch(/^run_id=\d{8}T\d{6}Z-[0-9a-f]{8}$/u);
  expect([version, count, rest]).toEqual(['schema_version=1', 'outputs=1', ['']]);
  const columns = output.split('\t');
  expect(columns).toEqual([
    'prepare-words',
    'words',
    'payload:words',
    'host_local_symlink_mounts_v1',
    expect.stringMatching(/^\/.*\/cache\/payloads\/[0-9a-f]{64}\/output$/u),
    'command_payload_v1',
    '0',
  ]);
  const json = JSON.parse((await cli('prepared-outputs', 'latest', '--json')).stdout) as {
    readonly outputs: readonly { readonly realized_path: string }[];
  };
  expect(json).toMatchObject({ schema_version: 1, outputs: [{ node_id: 'prepare-words' }] });
  expect(json.outputs[0]?.realized_path).toBe(columns[4]);
  expect((await cli('prepared-outputs', '../x')).code).toBe(2);
});

it('logs are told of where they are and whether they are there', async () => {
  await cli('run', 'unit', 'late');
  const { stdout } = await cli('logs', 'latest', '--metadata-json');
  const all = JSON.parse(stdout) as {
    readonly run_id: string;
    readonly jobs: readonly Record<string, unknown>[];
  };
  const jobs = join(workspace.root, '.pikaci/runs', all.run_id, 'jobs');
  expect(all).toMatchObject({ status: 'failed' });
  expect(all.jobs.map(({ id }) => id)).toEqual(['unit', 'red', 'late']);
  expect(all.jobs[0]).toEqual({
    id: 'unit',
    host_log_path: join(jobs, 'unit/host.log'),
    guest_log_path: join(jobs, 'unit/artifacts/guest.log'),
    host_log_exists: true,
    guest_log_exists: true,
  });
  rmSync(join(jobs, 'red/host.log'));
  const red = JSON.parse(
    (await cli('logs', 'latest', '--metadata-json', '--job', 'red')).stdout,
  ) as typeof all;
  expect(red.jobs).toMatchObject([{ id: 'red', host_log_exists: false, guest_log_exists: true }]);
  expect((await cli('logs', 'latest', '--metadata-json', '--job', 'nope')).code).toBe(2);
});
