import { failure, type FailedTest, type TestResults } from '@pikaci/model';
import { jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { githubAnnotations, githubSummary } from './github-document.js';
import { formatHtml } from './html-document.js';
import { formatJunit } from './junit-document.js';
import type { RunDocument } from './run-document.js';

const test: FailedTest = {
  name: 'adds',
  suite: 'sum',
  className: 'SumTest',
  file: 'src/sum.ts',
  line: 3,
  kind: 'failure',
  message: '<b> | 3 is not 4\n::error::no\u001b[2J',
};
const resultsOf = (failedTests: readonly FailedTest[], more = 0): TestResults => ({
  reports: 1,
  tests: 120,
  failed: failedTests.length + more,
  errors: 0,
  skipped: 0,
  seconds: 1,
  failedTests: [...failedTests],
  moreFailedTests: more,
});
const red = {
  ...({ status: 'failed', failureKind: 'job', exitCode: 1 } as const),
  failure: failure('job', 'exited with 1'),
};
const documentOf = (job: Parameters<typeof jobRecordOf>[1]): RunDocument => ({
  record: runRecordOf([jobRecordOf('unit', job)], { status: 'failed', failureKind: 'job' }),
  logTails: new Map(),
});
const twelve = Array.from({ length: 12 }, (_, index) => ({ ...test, name: `adds ${index}` }));

describe('JUnit', () => {
  it('has the failed tests of a job that failed as a suite of their own', () => {
    const tests = [test, { ...test, className: null, file: null, line: null, message: null }];
    const junit = formatJunit(documentOf({ ...red, testResults: resultsOf(tests, 1) }));
    expect(junit).toContain('<testsuites name="pikaci" tests="3" failures="3" errors="0"');
    expect(junit).toContain('<testsuite name="pre-merge" tests="1" failures="1" errors="0"');
    expect(junit.slice(junit.indexOf('  <testsuite name="pre-merge/unit"'))).toBe(
      `  <testsuite name="pre-merge/unit" tests="2" failures="2" errors="0" skipped="0">
    <properties>
      <property name="test_results" value="3 of 120 tests failed"/>
    </properties>
    <testcase name="adds" classname="SumTest" file="src/sum.ts" line="3">
      <failure message="&lt;b&gt; | 3 is not 4">&lt;b&gt; | 3 is not 4
::error::no[2J</failure>
    </testcase>
    <testcase name="adds" classname="sum">
      <failure></failure>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
  });

  it('is not red for the tests of a job that passed, or that may fail', () => {
    for (const job of [{}, { ...red, allowedFailure: true }]) {
      const junit = formatJunit(documentOf({ ...job, testResults: resultsOf([test]) }));
      expect(junit).toContain('<testsuites name="pikaci" tests="1" failures="0"');
      expect(junit).not.toContain('adds');
    }
  });
});

describe('GitHub', () => {
  it('shows each failed test beside its line, as many as GitHub shows', () => {
    const lines = githubAnnotations(documentOf({ ...red, testResults: resultsOf(twelve, 88) }));
    expect(lines).toHaveLength(11);
    expect(lines[1]).toBe(
      '::error file=src/sum.ts,line=3,title=unit%3A SumTest > adds 0::<b> | 3 is not 4%0A\\::error::no',
    );
  });

  it.each(['/home/x/sum.ts', 'C:\\x\\sum.ts', '../sum.ts', null])(
    'names no place for a test in %s, which is not in the repository',
    (file) => {
      const testResults = resultsOf([{ ...test, file }]);
      const [, line] = githubAnnotations(documentOf({ ...red, testResults }));
      expect(line).toMatch(/^::error title=unit%3A SumTest > adds::/);
    },
  );

  it('lets no file or name be a property or a command of its own', () => {
    const testResults = resultsOf([{ ...test, file: 'a,line=9::b\n::error::c', name: '::d,e' }]);
    const [, line] = githubAnnotations(documentOf({ ...red, testResults }));
    expect(line).toMatch(
      /^::error file=a%2Cline=9%3A%3Ab \\%3A%3Aerror%3A%3Ac,line=3,title=unit%3A SumTest > %3A%3Ad%2Ce::/,
    );
    expect(line?.split('\n')).toHaveLength(1);
  });

  it('warns of the tests of a job that may fail, and says nothing of those of one that passed', () => {
    const testResults = resultsOf([test]);
    const allowed = githubAnnotations(documentOf({ ...red, allowedFailure: true, testResults }));
    expect(allowed[1]).toMatch(/^::warning file=src\/sum.ts/);
    expect(githubAnnotations(documentOf({ testResults }))).toEqual([]);
  });

  it('has a list in the summary of the step', () => {
    const summary = githubSummary(documentOf({ ...red, testResults: resultsOf(twelve, 88) }));
    expect(summary).toContain('\n**unit**: 100 of 120 tests failed\n\n- **SumTest \\> adds 0**');
    expect(summary).toContain('** (src/sum.ts:3): \\<b\\> \\| 3 is not 4 …\n');
    expect(summary).toContain('adds 9**');
    expect(summary).not.toContain('adds 10');
    expect(summary).toContain('\n- … and 90 more\n');
  });
});

it('a page names all that the record has, as text', () => {
  const html = formatHtml(documentOf({ ...red, testResults: resultsOf(twelve, 88) }));
  expect(html).toContain('<h2>unit: 100 of 120 tests failed</h2>');
  expect(html).toContain(
    '<td>SumTest &gt; adds 11</td><td>src/sum.ts:3</td><td><pre>&lt;b&gt; | 3 is not 4\n',
  );
  expect(html).toContain('<p>… and 88 more</p>');
  expect(html).not.toContain('<b>');
});
