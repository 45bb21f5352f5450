import type { FailedTest, TestResults } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { plainStyle } from '../text/style.js';
import { failedTestLines, testTitle } from './failed-tests.js';

const test: FailedTest = {
  name: 'adds',
  suite: 'sum',
  className: null,
  file: null,
  line: null,
  kind: 'failure',
  message: null,
};
const resultsOf = (failedTests: FailedTest[], different: Partial<TestResults> = {}) => ({
  ...{ reports: 1, tests: 120, failed: failedTests.length, errors: 0, skipped: 0, seconds: null },
  ...{ failedTests, moreFailedTests: 0 },
  ...different,
});

describe('the failed tests of a job', () => {
  it('are named below their count, with their place and the first line of the message', () => {
    const placed = { ...test, file: 'a.ts', line: 3, message: 'one\ntwo' };
    const results = resultsOf([test, placed], { errors: 1, failed: 1 });
    expect(failedTestLines(results, plainStyle)).toEqual([
      '2 of 120 tests failed:',
      '  ✗ sum > adds',
      '  ✗ sum > adds (a.ts:3): one …',
    ]);
  });

  it('are ten at most, and the rest is counted', () => {
    const results = resultsOf(
      Array.from({ length: 100 }, () => test),
      { failed: 111, moreFailedTests: 11 },
    );
    const lines = failedTestLines(results, plainStyle);
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe('  … and 101 more');
  });

  it('are nothing where none failed', () => {
    expect(failedTestLines(null, plainStyle)).toEqual([]);
    expect(failedTestLines(resultsOf([]), plainStyle)).toEqual([]);
  });

  it('command neither a terminal nor a service, and each is one short line', () => {
    const hostile = {
      ...test,
      suite: null,
      name: '::error::x\r\n\u001b[2J##[group]y',
      file: 'a\n::b',
      message: `\u001b]0;title\u0007${'x'.repeat(5000)}`,
    };
    const [, line = '', ...more] = failedTestLines(resultsOf([hostile]), plainStyle);
    expect(more).toEqual([]);
    expect(line).toMatch(/^ {2}✗ \\::error::x ##\\\[group\]y \(a \\::b\): x+…$/);
    expect(line.length).toBeLessThan(300);
  });
});

it.each([
  [{ className: 'SumTest' }, 'SumTest > adds'],
  [{ className: 'a.ts', file: 'a.ts' }, 'adds'],
  [{ className: 'sum', name: 'sum adds' }, 'sum adds'],
  [{ suite: null }, 'adds'],
])('a test %j is called %s', (different, title) => {
  expect(testTitle({ ...test, ...different })).toBe(title);
});
