import { describe, expect, it } from 'vitest';
import { fitHelp } from './fit-help.js';

describe('a help text that is fitted', () => {
  it('has what an example is for below it where it does not fit beside it', () => {
    const text =
      '  npx pikaci run       all\n  npx pikaci run unit  one job of those that are there';
    expect(fitHelp(text, 30)).toBe(
      '  npx pikaci run       all\n  npx pikaci run unit\n      one job of those that\n      are there',
    );
  });

  it('has prose broken between words, and commands whole', () => {
    expect(fitHelp('one two three four', 9)).toBe('one two\nthree\nfour');
    const command = '  git diff | npx pikaci run --changed-files -';
    expect(fitHelp(command, 20)).toBe(command);
  });

  it('is the same where all of it fits', () => {
    const text = 'Usage: pikaci\n\n  run   all\n';
    expect(fitHelp(text, 20)).toBe(text);
  });
});
