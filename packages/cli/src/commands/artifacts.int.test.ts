import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('.gitignore', '.pikaci\nout\n');
  workspace.write(
    'pikaci.config.json',
    JSON.stringify({
      schemaVersion: 1,
      jobs: {
        unit: { run: 'mkdir -p cov; echo one > cov/a; echo 2 > cov/b', artifacts: ['cov/**'] },
        lint: { run: 'echo three > lint.txt', artifacts: ['lint.txt'] },
      },
    }),
  );
  workspace.commit();
  await pikaci('run', 'unit', 'lint');
});
afterEach(() => workspace.remove());

async function pikaci(...argv: readonly string[]) {
  const io = capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'] } });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

describe('artifacts', () => {
  it('lists job, size and path, for people and for programs', async () => {
    const { code, stdout } = await pikaci('artifacts', 'latest');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^run \S+: 3 artifacts\n {2}unit {2}4 B {2}cov\/a\n {2}unit {2}2 B {2}cov\/b\n {2}lint {2}6 B {2}lint.txt\n {2}12 B together\n$/,
    );
    const { stdout: json } = await pikaci('artifacts', 'latest', '--job', 'lint', '--json');
    expect(JSON.parse(json)).toMatchObject({
      schema_version: 1,
      artifacts: [{ job: 'lint', path: 'lint.txt', size_bytes: 6 }],
      left_out: [],
      copy: null,
    });
  });

  it('copies them relative to where it was started, once, and again with --force', async () => {
    const ended = await pikaci('artifacts', 'latest', '--job', 'unit', '--extract', 'out');
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/cov\/b\ncopied 2 files to .*\/out\n$/);
    expect(readFileSync(join(workspace.root, 'out/unit/cov/a'), 'utf8')).toBe('one\n');
    const again = await pikaci('artifacts', 'latest', '--extract', 'out', '--json');
    expect(again.code).toBe(2);
    expect(JSON.parse(again.stdout)).toMatchObject({
      copy: { copied: [] },
      error: { kind: 'selection' },
    });
    expect(again.stderr).toContain('There are files already');
    expect((await pikaci('artifacts', 'latest', '--extract', 'out', '--force')).code).toBe(0);
    expect(readFileSync(join(workspace.root, 'out/lint/lint.txt'), 'utf8')).toBe('three\n');
  });

  it('says which jobs there are', async () => {
    const { code, stderr } = await pikaci('artifacts', 'latest', '--job', '../unit');
    expect(code).toBe(2);
    expect(stderr).toContain('It has unit, lint.');
  });
});
