import { describe, expect, it } from 'vitest';
import { artifactPatterns } from './artifact-patterns.js';

const matches = (declared: string, path: string): boolean =>
  artifactPatterns([declared]).included.some((pattern) => pattern.matches(path));

describe('artifactPatterns', () => {
  it.each([
    ['coverage/**', 'coverage/a/b.html', true],
    ['coverage/**', 'coverage/.hidden', true],
    ['coverage', 'coverage/a/b.html', true],
    ['./coverage/', 'coverage/a', true],
    ['coverage', 'coverage-old/a', false],
    ['*.xml', 'a.xml', true],
    ['*.xml', 'a/b.xml', false],
    ['**/*.xml', 'a/b.xml', true],
    ['reports/*', 'reports/dir/file', true],
    ['.', 'any/thing', true],
    ['out/**', 'out/a\nb', true],
    ['out', 'out/a\nb/c', true],
    ['out/*.xml', 'out/a\nb.xml', true],
  ])('%s and %s: %s', (declared, path, expected) => {
    expect(matches(declared, path)).toBe(expected);
  });

  it('knows where to begin to look', () => {
    const bases = artifactPatterns(['a/b/**/*.x', '*.y', 'c/d', '.']).included;
    expect(bases.map((pattern) => pattern.base)).toEqual(['a/b', '', 'c/d', '']);
  });

  it('takes files out again', () => {
    const patterns = artifactPatterns(['out/**', '!out/tmp']);
    expect(patterns.isExcluded('out/tmp/x')).toBe(true);
    expect(patterns.isExcluded('out/tmp/a\nb')).toBe(true);
    expect(patterns.isExcluded('out/x')).toBe(false);
  });

  it('refuses what lies outside the working tree', () => {
    const { included, problems } = artifactPatterns(['../x', '/etc/**', 'a/../../b/*']);
    expect(included).toEqual([]);
    expect(problems).toHaveLength(3);
  });
});
