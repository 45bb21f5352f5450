import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FakeIncus } from '@pikaci/testkit';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from './captured-io.test.helper.js';
import { startFakeGuests } from './faults/fake-guests.test.helper.js';
import { runCli } from './run-cli.js';

const vitest = join(
  dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
);

const report = `<testsuites time="1.5"><testsuite name="sum">
  <testcase name="adds" classname="SumTest" file="src/sum.ts" line="3"><failure message="3 is not 4&#10;really"/></testcase>
  <testcase name="&#10;::error::x ##[group]y \u001b[2J" classname="SumTest"><error/></testcase>
  <testcase name="subtracts" classname="SumTest"/>
</testsuite></testsuites>
`;

let workspace: TestWorkspace;
let elsewhere: string;
beforeEach(() => {
  elsewhere = mkdtempSync(join(tmpdir(), 'pikaci-test-reports-'));
  workspace = createTestWorkspace({ git: true });
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write('report.xml', report);
  workspace.write('src/sum.ts', '');
  workspace.write(
    'tests/sum.test.ts',
    "it('adds', () => {\n  expect(1 + 2).toBe(4);\n});\nit('subtracts', () => {});\n",
  );
  const run = 'mkdir -p out && cp report.xml out/junit.xml';
  const reports = { junit: 'out/*.xml' };
  const jobs = {
    red: { run: `${run}; exit 1`, reports },
    slow: { run: `${run}; exec sleep 600`, reports, timeoutSeconds: 1 },
    shaky: { run: `${run}; exit 1`, reports, retry: { job: 1 } },
    lenient: { run, reports: { junit: ['out/*.xml', 'none/*.xml'] } },
    broken: { run: 'mkdir out; echo "<html>" > out/a.xml', reports },
    real: {
      run: `node '${vitest}' run --globals --reporter=junit --outputFile=out/junit.xml`,
      reports,
    },
  };
  workspace.write('pikaci.config.json', JSON.stringify({ schemaVersion: 1, jobs }));
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

/** The jobs of the latest run, as the record on disk has them. */
async function recordedJobs(): Promise<readonly Record<string, unknown>[]> {
  const { stdout } = await pikaci(['status', 'latest', '--json']);
  return (JSON.parse(stdout) as { jobs: Record<string, unknown>[] }).jobs;
}

const counts = { reports: 1, tests: 3, failed: 1, errors: 1, skipped: 0, seconds: 1.5 };

describe('the test reports of jobs as processes', () => {
  it('name the failed tests below the job, at the end of the run and later', async () => {
    const lines = [
      '2 of 3 tests failed:',
      '  ✗ SumTest > adds (src/sum.ts:3): 3 is not 4 …',
      '  ✗ SumTest > ::error::x ##\\[group]y ',
    ];
    const shown = (indent: string) => `\n${lines.map((line) => indent + line).join('\n')}\n`;
    const { code, stdout } = await pikaci(['run', 'red']);
    expect(code).toBe(1);
    expect(stdout).toContain(`  ✗ red failed: exited with 1${shown('    ')}`);
    expect((await pikaci(['status', 'latest'])).stdout).toContain(shown('      '));
    expect((await pikaci(['show', 'latest'])).stdout).toContain(shown('      '));
    expect((await pikaci(['run', 'red', '--output', 'quiet'])).stdout).toContain(shown('  '));
  });

  it('are in the record of the job, and kept with the run, also when its time was over', async () => {
    expect((await pikaci(['run', 'slow'])).code).toBe(124);
    const [job] = await recordedJobs();
    expect(job).toMatchObject({
      artifacts: ['out/junit.xml'],
      notes: [],
      test_results: {
        ...counts,
        failed_tests: [
          { name: 'adds', suite: 'sum', class_name: 'SumTest', file: 'src/sum.ts', line: 3 },
          { kind: 'error', message: null },
        ],
        more_failed_tests: 0,
      },
    });
    const kept = join(dirname(String(job?.['guest_log_path'])), 'out/junit.xml');
    expect(readFileSync(kept, 'utf8')).toBe(report);
  });

  it('are those of each attempt', async () => {
    await pikaci(['run', 'shaky']);
    const [job] = await recordedJobs();
    expect(job).toMatchObject({ attempts: [{ test_results: counts }], test_results: counts });
  });

  it('do not change the verdict, whatever is in them, and a note says what there is', async () => {
    const { code, stdout } = await pikaci(['run', 'lenient', 'broken']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ lenient passed in \S+ \(but 2 of 3 tests failed\)/);
    const [lenient, broken] = await recordedJobs();
    expect(lenient?.['notes']).toEqual([
      expect.stringMatching(/^no file matches the report glob "none\/\*.xml"/),
      'the job passed, although 2 of 3 tests failed in its reports',
    ]);
    expect(broken).toMatchObject({ status: 'passed', test_results: null });
    expect(broken?.['notes']).toEqual([
      'the report out/a.xml was not read: it is no JUnit report: it begins with <html>',
    ]);
  });

  it('are annotations and a list in the summary of the step on GitHub', async () => {
    const summary = join(elsewhere, 'summary.md');
    const env = { GITHUB_STEP_SUMMARY: summary };
    const { stdout } = await pikaci(['run', 'red', '--output', 'github'], env);
    const commands = stdout.split('\n').filter((line) => line.startsWith('::error'));
    expect(commands).toEqual([
      expect.stringMatching(/^::error title=red%3A failed::/),
      '::error file=src/sum.ts,line=3,title=red%3A SumTest > adds::3 is not 4%0Areally',
      '::error title=red%3A SumTest > %3A%3Aerror%3A%3Ax ##\\[group]y ::the test failed',
    ]);
    const text = readFileSync(summary, 'utf8');
    expect(text).toContain(
      '\n**red**: 2 of 3 tests failed\n\n- **SumTest \\> adds** (src/sum.ts:3)',
    );
    rmSync(summary);
    const again = await pikaci(['report', 'latest', '--github'], env);
    expect(again.stdout.split('\n')).toEqual(expect.arrayContaining(commands.slice(1)));
    expect(readFileSync(summary, 'utf8')).toContain('2 of 3 tests failed');
  });

  it('are in all forms of a report', async () => {
    await pikaci(['run', 'red']);
    const [junit, html] = [join(elsewhere, 'j.xml'), join(elsewhere, 'h.html')];
    const { stdout } = await pikaci([
      'report',
      'latest',
      '--junit',
      junit,
      '--html',
      html,
      '--json',
    ]);
    expect(stdout).toContain('"more_failed_tests": 0');
    expect(readFileSync(html, 'utf8')).toContain('<td>SumTest &gt; adds</td><td>src/sum.ts:3</td>');
    writeFileSync(join(workspace.root, 'report.xml'), readFileSync(junit));
    await pikaci(['run', 'red']);
    const [job] = await recordedJobs();
    expect(job?.['test_results']).toMatchObject({ tests: 3, failed: 2, errors: 1 });
  });

  it('come from a real test runner', async () => {
    const { code, stdout } = await pikaci(['run', 'real']);
    expect(code).toBe(1);
    expect(stdout).toContain(
      '    1 of 2 tests failed:\n      ✗ adds (tests/sum.test.ts:2): expected 3 to be 4 // Object.is equality\n',
    );
  });
});

describe('the test reports of jobs in instances', () => {
  let fake: FakeIncus;
  beforeEach(async () => {
    fake = await startFakeGuests();
  });
  afterEach(() => fake[Symbol.asyncDispose]());

  it('are fetched and read like those of processes', async () => {
    const incus = ['--runtime', 'incus', '--incus-socket', fake.socketPath, '--image', 'debian'];
    const { code, stdout, stderr } = await pikaci(['run', 'red', 'lenient', ...incus]);
    expect(stderr).toBe('');
    expect(code).toBe(1);
    expect(stdout).toContain('\n    2 of 3 tests failed:\n      ✗ SumTest > adds (src/sum.ts:3)');
    const jobs = await recordedJobs();
    expect(jobs.map((job) => job['test_results'])).toMatchObject([counts, counts]);
    const kept = join(dirname(String(jobs[0]?.['guest_log_path'])), 'out/junit.xml');
    expect(existsSync(kept)).toBe(true);
  });
});
