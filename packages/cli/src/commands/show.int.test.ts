import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write(
    'pikaci.config.json',
    JSON.stringify({
      schemaVersion: 1,
      payloads: {
        deps: {
          kind: 'command',
          run: 'echo hello > "$PIKACI_OUTPUT/file"',
          inputs: ['pikaci.config.json'],
          mounts: [{ name: 'deps', path: '.', workspacePath: 'deps' }],
        },
      },
      jobs: {
        unit: {
          run: 'cat deps/file; echo x > out.txt',
          payloads: ['deps'],
          artifacts: ['out.txt'],
        },
        red: { run: 'exit 3' },
      },
      targets: { web: { description: 'all of it', jobs: ['unit', 'red'], paths: ['**'] } },
    }),
  );
  workspace.commit();
});
afterEach(() => workspace.remove());

async function pikaci(...argv: readonly string[]) {
  const io = capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'] } });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

const facts = async () => JSON.parse((await pikaci('show', 'latest', '--json')).stdout) as unknown;

describe('show', () => {
  it('tells programs all that is known of a run', async () => {
    workspace.write('changed.txt', 'x');
    await pikaci('run', 'web', '--changed-since', 'HEAD');
    expect(await facts()).toMatchObject({
      schema_version: 1,
      status: 'failed',
      abandoned: false,
      target_id: 'web',
      git_dirty: true,
      snapshot: { is_stored: true },
      selection: ['unit', 'red'],
      change_filter: { patterns: ['**'], changed_files: ['changed.txt'] },
      payloads: [
        { id: 'deps', reused: false, size_bytes: 6, duration_ms: expect.any(Number) as number },
      ],
      jobs: [
        { id: 'unit', status: 'passed', artifact_count: 1, exit_code: 0 },
        { id: 'red', status: 'failed', failure_kind: 'job', exit_code: 3 },
      ],
    });
  });

  it('tells a payload that was there, and one that is gone by now', async () => {
    await pikaci('run', 'unit');
    await pikaci('run', 'unit');
    expect(await facts()).toMatchObject({ change_filter: null, payloads: [{ reused: true }] });
    const payloads = join(workspace.root, '.pikaci/cache/payloads');
    for (const name of readdirSync(payloads)) rmSync(join(payloads, name), { recursive: true });
    rmSync(join(workspace.root, '.pikaci/cache/snapshots'), { recursive: true });
    expect(await facts()).toMatchObject({
      snapshot: { is_stored: false },
      payloads: [{ size_bytes: null }],
    });
  });

  it('tells people the same, with places that are there and commands that come next', async () => {
    await pikaci('run', 'web');
    const { code, stdout } = await pikaci('show', 'latest');
    expect(code).toBe(0);
    expect(stdout).toContain('target     web: all of it\n');
    expect(stdout).toMatch(/ {2}deps {2}[0-9a-f]{12} {2}built {2}/);
    expect(stdout).toMatch(/✗ red failed .*exit code 3, process$/m);
    expect(stdout).toMatch(/ {2}plan {7}\/.*\/plan\.json\n/);
    expect(stdout).toMatch(
      / {2}npx pikaci logs \S+ --failed\n {2}npx pikaci run --failed \S+\n {2}npx pikaci shell \S+\n {2}npx pikaci artifacts \S+\n/,
    );
  });

  it('says which runs there are when there is no such one', async () => {
    expect(await pikaci('show', '../../etc')).toMatchObject({ code: 2, stdout: '' });
  });
});
