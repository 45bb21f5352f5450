import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonText } from './json-text.js';

it('means the same, whatever it says', () => {
  const unit = fc.constantFrom('#', '[', '\\', '"', '\u009b', '\u202e', 'a', '\n');
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      expect(JSON.parse(jsonText({ [text]: [text] }, 2))).toEqual({ [text]: [text] });
    }),
  );
});

it('has no command of a CI service in it, and nothing that a terminal obeys', () => {
  const text = jsonText({ message: 'x ##[error]y ###[z] ##vso[a] \u009b2J \u202e \u001b[2J' });
  expect(text).not.toMatch(/##/u);
  expect(text).toMatch(/^[\u0020-\u007e]*$/u);
});
