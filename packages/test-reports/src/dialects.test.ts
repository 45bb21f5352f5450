import type { FailedTest, TestResults } from '@pikaci/model';
import { expect, it } from 'vitest';
import { createReportRig, fixture } from './report-rig.test.helper.js';

type Expected = Omit<TestResults, 'failedTests' | 'reports' | 'moreFailedTests'> & {
  readonly failedTests: readonly Partial<FailedTest>[];
};

const dialects: readonly (readonly [string, Expected])[] = [
  [
    'vitest.xml',
    {
      tests: 4,
      failed: 1,
      errors: 1,
      skipped: 1,
      seconds: 0.352,
      failedTests: [
        {
          name: 'sum > adds',
          suite: 'src/sum.test.ts',
          className: 'src/sum.test.ts',
          file: 'src/sum.test.ts',
          line: 6,
          kind: 'failure',
          message: 'expected 3 to be 4 // Object.is equality',
        },
        {
          name: 'src/broken.test.ts',
          file: 'src/broken.test.ts',
          line: 1,
          kind: 'error',
          message: "Cannot find module './gone.js'",
        },
      ],
    },
  ],
  [
    'jest-junit.xml',
    {
      tests: 2,
      failed: 1,
      errors: 0,
      skipped: 0,
      seconds: 1.218,
      failedTests: [
        {
          name: 'sum adds',
          suite: 'sum',
          file: 'src/sum.test.js',
          line: 5,
          message: [
            'Error: expect(received).toBe(expected) // Object.is equality',
            '',
            'Expected: 4',
            'Received: 3',
            '    at Object.toBe (/home/ci/work/src/sum.test.js:5:21)',
            '    at Promise.then.completed (/home/ci/work/node_modules/jest-circus/build/utils.js:231:10)',
          ].join('\n'),
        },
      ],
    },
  ],
  [
    'pytest.xml',
    {
      tests: 4,
      failed: 1,
      errors: 1,
      skipped: 1,
      seconds: 0.034,
      failedTests: [
        {
          name: 'test_adds[1-2]',
          className: 'tests.test_sum.TestSum',
          file: 'tests/test_sum.py',
          line: 8,
          message: 'assert 3 == 4\n +  where 3 = add(1, 2)',
        },
        { name: 'tests.test_gone', className: null, file: null, line: null, kind: 'error' },
      ],
    },
  ],
  [
    'surefire.xml',
    {
      tests: 3,
      failed: 1,
      errors: 0,
      skipped: 0,
      seconds: 1024.5,
      failedTests: [
        {
          name: 'adds',
          suite: 'com.example.SumTest',
          className: 'com.example.SumTest',
          file: null,
          line: null,
          message: 'expected: <4> but was: <3>',
        },
      ],
    },
  ],
  [
    'gotestsum.xml',
    {
      tests: 3,
      failed: 1,
      errors: 0,
      skipped: 1,
      seconds: 0.412,
      failedTests: [
        {
          name: 'TestAdd/one_and_two',
          className: 'example.com/sum',
          message: 'sum_test.go:14: got 3, want 4',
        },
      ],
    },
  ],
  [
    'nextest.xml',
    {
      tests: 3,
      failed: 1,
      errors: 0,
      skipped: 0,
      seconds: 0.021,
      failedTests: [
        {
          name: 'adds',
          className: 'sum::integration',
          file: 'tests/integration.rs',
          line: 7,
          message: "thread 'adds' panicked at tests/integration.rs:7:5",
        },
      ],
    },
  ],
  [
    'nested.xml',
    {
      tests: 3,
      failed: 1,
      errors: 1,
      skipped: 0,
      seconds: 0.75,
      failedTests: [
        { name: 'has a name', suite: 'user', file: 'spec/models/user_spec.rb', line: 3 },
        { name: 'has an age', file: 'spec/models/user_spec.rb', line: 9, message: 'Timeout' },
      ],
    },
  ],
];

it.each(dialects)('the report %s is read as its test runner means it', async (name, expected) => {
  const rig = createReportRig();
  rig.inSnapshot('src/sum.test.js');
  const read = await rig.read([rig.report('out/junit.xml', fixture(name))]);
  expect(read.notes).toEqual([]);
  expect(read.results).toMatchObject({ reports: 1, moreFailedTests: 0, ...expected });
});

it('several reports are counted together, in their order', async () => {
  const rig = createReportRig();
  const paths = ['a.xml', 'b/c.xml'].map((path, index) =>
    rig.report(path, fixture(['nextest.xml', 'pytest.xml'][index]!)),
  );
  const { results } = await rig.read(paths);
  expect(results).toMatchObject({ reports: 2, tests: 7, failed: 2, errors: 1, seconds: 0.055 });
  expect(results?.failedTests.map(({ name }) => name)).toEqual([
    'adds',
    'test_adds[1-2]',
    'tests.test_gone',
  ]);
});
