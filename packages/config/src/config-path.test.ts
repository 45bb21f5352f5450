import { expect, it } from 'vitest';
import { formatConfigPath, valueAtPath } from './config-path.js';

it('writes a path as one would in code', () => {
  expect(formatConfigPath([])).toBe('the configuration');
  expect(formatConfigPath(['jobs', 'pre-merge', 'needs', 0])).toBe('jobs.pre-merge.needs[0]');
  expect(formatConfigPath(['jobs', 'a.b', 'run'])).toBe('jobs["a.b"].run');
});

it('sees what a value holds itself, and nothing that it inherits', () => {
  expect(valueAtPath({ a: [{ b: 1 }] }, ['a', 0, 'b'])).toBe(1);
  expect(valueAtPath({ a: 'text' }, ['a', 'length'])).toBeUndefined();
  expect(valueAtPath({}, ['constructor'])).toBeUndefined();
});
