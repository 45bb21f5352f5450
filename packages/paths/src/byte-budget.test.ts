import { expect, it } from 'vitest';
import { ByteBudget } from './byte-budget.js';

it('takes what fits into the rest, and names what it leaves', () => {
  const budget = new ByteBudget({ total: 5, of: 'artifacts' });
  expect(
    ['a', 'b', 'c', 'd'].map((name, index) => budget.take(name, [3, 4, 2, 1][index]!)),
  ).toEqual([true, false, true, false]);
  expect(budget.rest).toBe(0);
  expect(budget.notes()).toEqual(['b and 1 more left out: artifacts may have 5 bytes together']);
});

it('has a limit for each as well, where there is one', () => {
  const budget = new ByteBudget({ total: 2048, each: 1024, of: 'reports' });
  expect(budget.rest).toBe(1024);
  expect(budget.take('a', 1025)).toBe(false);
  expect(budget.take('b', 1024)).toBe(true);
  expect(budget.take('c', 1000)).toBe(true);
  expect(budget.rest).toBe(24);
  expect(budget.notes()).toEqual(['a left out: reports may have 1KiB each, and 2KiB together']);
});

it('takes everything without a limit', () => {
  const budget = new ByteBudget({ total: null, of: 'artifacts' });
  expect(budget.take('a', Number.MAX_SAFE_INTEGER)).toBe(true);
  expect(budget.notes()).toEqual([]);
});
