import { expect, it } from 'vitest';
import { commandText } from './command-text.js';

it.each([
  ['npm test', 'npm test'],
  ['make\nmake install\n', 'make …'],
  [['npm ci'], 'npm ci'],
  [
    ['npm ci', { run: 'a\nb' }, { name: 'unit tests', run: 'npm test' }],
    '3 steps: npm ci, a …, unit tests',
  ],
])('says of the command %j %j', (run, text) => {
  expect(commandText(run)).toBe(text);
});
