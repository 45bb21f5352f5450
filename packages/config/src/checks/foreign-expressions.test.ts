import { expect, it } from 'vitest';
import { checked } from './checked.test.helper.js';
import { checkForeignExpressions } from './foreign-expressions.js';

it('finds expressions of other CI services in commands for a shell', () => {
  const jobs = {
    one: { run: 'node -v ${{ matrix.node }}' },
    steps: { run: ['true', { run: 'echo ${{ github.sha }}' }] },
    program: { run: 'print("${{ x }}")', shell: 'python3' },
    plain: { run: 'echo ${HOME} $${matrix:node} {{ x }}' },
  };
  expect(checked(checkForeignExpressions, { jobs })).toEqual([
    'jobs.one.run: `${{ matrix.node }}` in the command of job `one` is an expression of another CI service',
    'jobs.steps.run: `${{ github.sha }}` in the command of job `steps` is an expression of another CI service',
  ]);
});
