import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
let elsewhere: string;
beforeEach(() => {
  elsewhere = mkdtempSync(join(tmpdir(), 'pikaci-formats-'));
  workspace = createTestWorkspace({ git: true });
  workspace.write('.gitignore', '.pikaci\n');
  const jobs = { green: { run: 'echo fine' }, red: { run: 'echo "::error::no"; exit 3' } };
  const targets = { some: { jobs: ['green'], paths: ['web/**'] } };
  workspace.write('pikaci.config.json', JSON.stringify({ schemaVersion: 1, jobs, targets }));
  workspace.commit();
});
afterEach(() => {
  workspace.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});

async function pikaci(argv: readonly string[], env: Record<string, string> = {}) {
  const io = capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'], ...env } });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

describe('--output github', () => {
  it('groups, annotates, and adds to the summary of the step', async () => {
    const summary = join(elsewhere, 'summary.md');
    writeFileSync(summary, 'before\n');
    const run = ['run', 'green', 'red', '--output', 'github'];
    const { code, stdout, stderr } = await pikaci(run, { GITHUB_STEP_SUMMARY: summary });
    expect(code).toBe(1);
    expect(stderr).toBe('');
    expect(stdout).toContain('::group::green\nfine\n::endgroup::\n✓ green passed');
    expect(stdout).toContain('::group::red\n\\::error::no\n::endgroup::\n');
    expect(stdout).toMatch(/^::error title=red%3A failed::.*%0A\\::error::no$/mu);
    const text = readFileSync(summary, 'utf8');
    expect(text.startsWith('before\n### ✗ ')).toBe(true);
    expect(text).toContain('| green | ✓ passed |');
  });

  it('warns when the summary cannot be written, and the run stays what it is', async () => {
    const summary = join(elsewhere, 'no/summary.md');
    const run = ['run', 'green', '--output', 'github'];
    const { code, stderr } = await pikaci(run, { GITHUB_STEP_SUMMARY: summary });
    expect(code).toBe(0);
    expect(stderr).toContain(`The summary ${summary} cannot be written`);
  });

  it('is not chosen by the environment', async () => {
    const summary = join(elsewhere, 'summary.md');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const { stdout } = await pikaci(['run', 'green'], env);
    expect(stdout).not.toContain('::');
    expect(existsSync(summary)).toBe(false);
  });
});

describe('--output quiet', () => {
  it('is one line when all is well, also with a filter', async () => {
    const run = ['run', 'some', '--changed-files', '-', '--output', 'quiet'];
    const io = capturedIo({
      cwd: workspace.root,
      env: { PATH: process.env['PATH'] },
      readStdin: () => Promise.resolve('web/a\n'),
    });
    expect(await runCli(run, io)).toBe(0);
    expect(io.stdout.text).toMatch(/^run \S+ passed in \S+: 1 passed\n$/u);
    expect(io.stderr.text).toBe('');
  });

  it('leaves other commands what they are for people', async () => {
    for (const format of ['quiet', 'github']) {
      const listed = await pikaci(['list', '--output', format]);
      expect(listed.stdout).toBe((await pikaci(['list'])).stdout);
    }
  });
});
