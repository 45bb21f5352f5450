import { expect, it } from 'vitest';
import { quoteText } from './quote-text.js';

it('puts a text in quotes and leaves nothing in it that a terminal would obey', () => {
  expect(quoteText('plain/path')).toBe('"plain/path"');
  expect(quoteText('a\nb\u001b[2J\u009b"')).toBe(String.raw`"a\nb\u001b[2J\u009b\""`);
});
