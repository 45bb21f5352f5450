import type { DeepReadonly, FailedTest, TestResults } from '@pikaci/model';
import { firstLine } from '../text/first-line.js';
import { oneLine } from '../text/one-line.js';
import type { Style } from '../text/style.js';

/** Failed tests that are named where there is little room; the record has more. */
export const shownTests = 10;
/** Most characters of a message that are shown on a line of its test. */
const mostCharacters = 200;

/** How many tests failed or had an error. */
export function failedCount({ failed, errors }: DeepReadonly<TestResults>): number {
  return failed + errors;
}

/** `3 of 120 tests failed`. */
export function failedTestsText(results: DeepReadonly<TestResults>): string {
  const { tests } = results;
  return `${failedCount(results)} of ${tests} ${tests === 1 ? 'test' : 'tests'} failed`;
}

/** The failed tests of a job, a line each below one that counts them; nothing when none failed. */
export function failedTestLines(results: DeepReadonly<TestResults> | null, style: Style): string[] {
  if (results === null || failedCount(results) === 0) return [];
  const shown = results.failedTests.slice(0, shownTests);
  const more = failedCount(results) - shown.length;
  return [
    `${failedTestsText(results)}${shown.length === 0 ? '' : ':'}`,
    ...shown.map((test) => `  ${style.red('✗')} ${failedTestText(test)}`),
    ...(more === 0 || shown.length === 0 ? [] : [`  … and ${more} more`]),
  ];
}

/** `adds (src/sum.test.ts:5): expected 1 to be 2`, on one line and safe to show. */
function failedTestText(test: FailedTest): string {
  const place = testPlace(test);
  const where = place === '' ? '' : ` (${place})`;
  const why = test.message === null ? '' : firstLine(test.message);
  const cut = why.length > mostCharacters ? `${why.slice(0, mostCharacters)}…` : why;
  return `${testTitle(test)}${where}${cut === '' ? '' : `: ${cut}`}`;
}

/** A test by its name, and by its class or suite where that says more than name and file do. Safe to show. */
export function testTitle({ name, className, suite, file }: FailedTest): string {
  const group = className ?? suite ?? '';
  const isKnown = group === '' || group === file || name.startsWith(group);
  return oneLine(isKnown ? name : `${group} > ${name}`);
}

/** `src/sum.test.ts:5`, safe to show; empty when the file is not known. */
export function testPlace({ file, line }: FailedTest): string {
  if (file === null) return '';
  return oneLine(line === null ? file : `${file}:${line}`);
}
