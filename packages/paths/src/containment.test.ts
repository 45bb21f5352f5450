import fc from 'fast-check';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { absolutePathProblem, isWithin, relativePathProblem } from './containment.js';

describe('isWithin', () => {
  it.each([
    ['/a/b', '/a/b', true],
    ['/a/b', '/a/b/c', true],
    ['/a/b', '/a/bc', false],
    ['/a/b', '/a', false],
    ['/a/b', '/a/b/../c', false],
    ['/a/b', '/a/b/..c', true],
  ])('of %s and %s is %s to %s', (root, path, expected) => {
    expect(isWithin(root, path)).toBe(expected);
  });
});

describe('relativePathProblem', () => {
  it.each(['.', 'a', 'a/b', '..a', 'a/..b/c'])('accepts %s', (path) => {
    expect(relativePathProblem(path)).toBeNull();
  });

  it.each([
    ['', 'is empty'],
    ['/a', 'is absolute'],
    ['../a', 'leads out with ".."'],
    ['a/../b', 'leads out with ".."'],
    ['a/..', 'leads out with ".."'],
    ['./a', 'is not normalised'],
    ['a//b', 'is not normalised'],
    ['a/', 'ends with a slash'],
    ['a\nb', 'holds a control character'],
    ['a\0b', 'holds a control character'],
  ])('refuses %j', (path, problem) => {
    expect(relativePathProblem(path)).toBe(problem);
  });

  it('accepts no path that leads out of a root it is joined to', () => {
    const part = fc.constantFrom('..', '.', 'a', '', 'b..', '/', '\n');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = parts.join('/');
        fc.pre(relativePathProblem(path) === null);
        expect(isWithin('/root', posix.join('/root', path))).toBe(true);
      }),
    );
  });
});

describe('absolutePathProblem', () => {
  it.each([
    ['a', 'is not absolute'],
    ['/', 'is the root directory'],
    ['/a/../b', 'leads out with ".."'],
    ['/a/', 'is not normalised'],
    ['//a', 'is not normalised'],
    ['/a/./b', 'is not normalised'],
    ['/a\n', 'holds a control character'],
  ])('refuses %j', (path, problem) => {
    expect(absolutePathProblem(path)).toBe(problem);
  });

  it('accepts a plain absolute path', () => {
    expect(absolutePathProblem('/opt/node')).toBeNull();
  });
});
