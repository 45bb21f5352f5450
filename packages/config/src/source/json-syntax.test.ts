import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonSyntaxError } from './json-syntax.js';

it.each([
  ['{"a": 1,}', 8, 'expected a key in double quotes, found "}"'],
  ['[1, ]', 4, 'expected a value, found "]"'],
  ['{"a" 1}', 5, 'expected ":", found "1"'],
  ['{"a": 1 "b"}', 8, 'expected "," or "}", found "\\""'],
  ['{"a": x}', 6, 'expected a value, found "x"'],
  ["{'a': 1}", 1, 'expected a key in double quotes, found "\'"'],
  ['{"a": "b\n"}', 6, 'unfinished or malformed string'],
  ['{"a": 1', 7, 'expected "," or "}", found the end of the file'],
  ['', 0, 'expected a value, found the end of the file'],
  ['{} {}', 3, 'expected the end of the file, found "{"'],
  ['// no', 0, 'expected a value, found "/"'],
])('says where and why %j is no JSON', (text, offset, message) => {
  expect(jsonSyntaxError(text)).toEqual({ offset, message });
});

it('accepts whatever can be written as JSON, with any indentation', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('', '\t', '  '), (value, indentation) => {
      expect(jsonSyntaxError(JSON.stringify(value, null, indentation))).toBeNull();
    }),
  );
});

it('agrees with JSON.parse on texts that are almost JSON', () => {
  const token = fc.constantFrom(
    ...['{', '}', '[', ']', ',', ':', '"a"', '"\\u00e4"', '"\\x"', '1', '-0.5e+3', '01', '1.'],
    ...['true', 'nul', ' ', '\t', '\n', "'a'", 'a', '"', '\u0001', '\u00a0'],
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 7 }), (tokens) => {
      const text = tokens.join('');
      expect(jsonSyntaxError(text) === null).toBe(isJson(text));
    }),
    { numRuns: 2000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
