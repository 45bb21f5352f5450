import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
let elsewhere: string;
beforeEach(async () => {
  elsewhere = mkdtempSync(join(tmpdir(), 'pikaci-report-'));
  workspace = createTestWorkspace({ git: true });
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write(
    'pikaci.config.json',
    JSON.stringify({
      schemaVersion: 1,
      jobs: {
        green: { run: 'echo fine' },
        red: { run: 'seq 1 200; printf "\\033[31m<red>\\033[0m\\n::error::no\\n"; exit 3' },
      },
    }),
  );
  workspace.commit();
  await pikaci(['run', 'green', 'red']);
});
afterEach(() => {
  workspace.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});

async function pikaci(argv: readonly string[], env: Record<string, string> = {}) {
  const io = capturedIo({
    cwd: workspace.root,
    env: { PATH: process.env['PATH'], ...env },
  });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

describe('report', () => {
  it('writes JUnit and a page, with directories, and says nothing', async () => {
    const [junit, html] = [join(elsewhere, 'a/b/junit.xml'), join(elsewhere, 'page.html')];
    const ended = await pikaci(['report', 'latest', '--junit', junit, '--html', html]);
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    const xml = readFileSync(junit, 'utf8');
    expect(xml).toContain('tests="2" failures="1" errors="0" skipped="0"');
    expect(xml).toContain('200\n&lt;red&gt;\n\\::error::no</failure>');
    // The last lines alone, and where the rest is.
    expect(xml).toContain('guest.log\n153\n');
    expect(readFileSync(html, 'utf8')).toContain('&lt;red&gt;');
  });

  it('takes - for standard output', async () => {
    const { stdout } = await pikaci(['report', 'latest', '--junit', '-']);
    expect(stdout.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites')).toBe(true);
    expect(stdout.endsWith('</testsuites>\n')).toBe(true);
  });

  it.each([
    [['--junit', '-', '--html', '-']],
    [['--html', '-', '--github']],
    [['--junit', '-', '--json']],
  ])('refuses to write two reports to standard output: %j', async (forms) => {
    const { code, stdout, stderr } = await pikaci(['report', 'latest', ...forms]);
    expect(code).toBe(2);
    expect(stdout + stderr).toContain('Standard output can have only one report');
  });

  it('annotates for GitHub, and adds to the summary of the step', async () => {
    const summary = join(elsewhere, 'summary.md');
    writeFileSync(summary, 'before\n');
    const ended = await pikaci(['report', 'latest', '--github'], { GITHUB_STEP_SUMMARY: summary });
    expect(ended.stdout).toMatch(/^::error title=red%3A failed::[^\n]*%0A\\::error::no\n$/);
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n### ✗ /);
    expect((await pikaci(['report', 'latest', '--github'])).code).toBe(0);
  });

  it('gives programs the record and the ends of the logs', async () => {
    const { stdout } = await pikaci(['report', 'latest', '--json']);
    const told = JSON.parse(stdout) as {
      readonly schema_version: number;
      readonly run: { readonly status: string };
      readonly log_tails: readonly { readonly job: string; readonly lines: readonly string[] }[];
    };
    expect(told.schema_version).toBe(1);
    expect(told.run.status).toBe('failed');
    expect(told.log_tails.find(({ job }) => job === 'green')?.lines).toEqual(['fine']);
  });

  it('says which forms there are when none was asked for, and which runs when there is no such one', async () => {
    expect(await pikaci(['report', 'latest'])).toMatchObject({ code: 2 });
    const unknown = await pikaci(['report', '../../etc', '--json']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('is not a run id');
  });

  it('leaves nothing half-written when a file cannot be written', async () => {
    writeFileSync(join(elsewhere, 'file'), '');
    const ended = await pikaci(['report', 'latest', '--junit', join(elsewhere, 'file/x.xml')]);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('cannot be written');
    expect(existsSync(join(elsewhere, 'file/x.xml'))).toBe(false);
  });
});
