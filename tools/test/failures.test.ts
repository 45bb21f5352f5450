import { expect, test } from 'vitest';
import { failuresOf } from './failures.mjs';

test('a failed test is named with its file, its title and the beginning of its message', () => {
  const message = Array.from({ length: 40 }, (_, line) => `line ${String(line)}`).join('\n');
  const [text] = failuresOf(
    {
      testResults: [
        {
          name: '/workspace/packages/cli/src/run.test.ts',
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'a run that passes', failureMessages: [] },
            { status: 'failed', fullName: 'a run that fails', failureMessages: [message] },
          ],
        },
      ],
    },
    '/workspace',
  );
  expect(text).toMatch(/^packages\/cli\/src\/run\.test\.ts > a run that fails\n {4}line 0\n/u);
  expect(text).toContain('line 14');
  expect(text).not.toContain('line 15');
});

test('a file that could not be loaded is named with its message', () => {
  const testResults = [
    {
      name: '/workspace/a.test.ts',
      status: 'failed',
      message: 'no such import',
      assertionResults: [],
    },
  ];
  expect(failuresOf({ testResults }, '/workspace')).toEqual(['a.test.ts\n    no such import']);
});

test('a report without failures, or none at all, has nothing to name', () => {
  expect(failuresOf(null, '/workspace')).toEqual([]);
  expect(
    failuresOf(
      { testResults: [{ name: '/workspace/a.test.ts', status: 'passed', assertionResults: [] }] },
      '/',
    ),
  ).toEqual([]);
});
