import type { FailedTest, JobRecord } from '@pikaci/model';
import { failedTestsText } from '../tests/failed-tests.js';
import { xmlAttributes, xmlText } from './xml-text.js';

/**
 * The failed tests that a job's record names, as a suite of their own: `<suite of the run>/<job>`. Its counts are those of
 * what is in it, because readers count for themselves; how many tests there were says a property.
 */
export function testSuiteLines(
  runSuite: string,
  { id, testResults }: JobRecord,
): readonly string[] {
  if (testResults === null || testResults.failedTests.length === 0) return [];
  const { failedTests } = testResults;
  const counts = {
    tests: failedTests.length,
    failures: failedTests.filter(({ kind }) => kind === 'failure').length,
    errors: failedTests.filter(({ kind }) => kind === 'error').length,
    skipped: 0,
  };
  const property = { name: 'test_results', value: failedTestsText(testResults) };
  return [
    `  <testsuite${xmlAttributes({ name: `${runSuite}/${id}`, ...counts })}>`,
    '    <properties>',
    `      <property${xmlAttributes(property)}/>`,
    '    </properties>',
    ...failedTests.flatMap(caseLines),
    '  </testsuite>',
  ];
}

function caseLines({ name, className, suite, file, line, kind, message }: FailedTest): string[] {
  const attributes = xmlAttributes({ name, classname: className ?? suite, file, line });
  const [first = ''] = (message ?? '').split('\n');
  const told = message === null ? null : first;
  const failure = `      <${kind}${xmlAttributes({ message: told })}>${xmlText(message ?? '')}</${kind}>`;
  return [`    <testcase${attributes}>`, failure, '    </testcase>'];
}
