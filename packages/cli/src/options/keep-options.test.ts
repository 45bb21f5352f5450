import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addKeepOptions, keepSecondsOf, type KeepOptions } from './keep-options.js';

it.each<[string[], number | null]>([
  [[], null],
  [['--keep', 'never'], null],
  [['--keep', 'on-failure'], 24 * 3600],
  [['--keep', 'on-failure', '--keep-for', '90m'], 90 * 60],
  [['--keep-for', '2d'], 48 * 3600],
  [['--keep', 'never', '--keep-for', '2d'], null],
])('with %j places are kept for %s seconds', (argv, seconds) => {
  const command = addKeepOptions(new Command());
  command.parse(argv, { from: 'user' });
  expect(keepSecondsOf(command.opts<KeepOptions>())).toBe(seconds);
});
