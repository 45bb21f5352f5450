import picomatch from 'picomatch';

/** True for a pattern that takes files out. `!(a|b)` is a glob, of everything but `a` and `b`. */
export function isExclusion(pattern: string): boolean {
  return pattern.startsWith('!') && !pattern.startsWith('!(');
}

/**
 * Tells which paths a pattern is about, whether it puts them in or takes them out. Names with a leading dot match like
 * others, `dir/` is everything below `dir`, and a pattern that is a path to the letter matches it, whatever brackets
 * (`app/[id]/page.ts`) it holds. The same on every operating system.
 */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const written = isExclusion(pattern) ? pattern.slice(1) : pattern;
  const glob = written.endsWith('/') ? `${written}**` : written;
  // `s`: a name may hold a line end, which `.` would not match.
  const matches = picomatch(glob, { dot: true, nonegate: true, windows: false, flags: 's' });
  return (path) => path === written || matches(path);
}

/**
 * Finds the last of the patterns that is about a path; undefined where none is. As in a `.gitignore` the order counts,
 * and the last one has the word.
 */
export function lastMatch(patterns: readonly string[]): (path: string) => string | undefined {
  const matchers = patterns
    .map((pattern) => ({ pattern, matches: pathMatcher(pattern) }))
    .reverse();
  return (path) => matchers.find(({ matches }) => matches(path))?.pattern;
}

/** Tells which paths a list of patterns puts in: those whose last match does not begin with `!`. */
export function pathListMatcher(patterns: readonly string[]): (path: string) => boolean {
  const lastMatchOf = lastMatch(patterns);
  return (path) => {
    const pattern = lastMatchOf(path);
    return pattern !== undefined && !isExclusion(pattern);
  };
}

/**
 * The directory or file at or below which everything lies that a pattern matches: its leading segments without anything
 * special in them. Empty when it can match anywhere.
 */
export function patternBase(pattern: string): string {
  const segments = pattern.split('/');
  const special = segments.findIndex((segment) => /[*?[\]{}()!+@|\\]/.test(segment));
  const plain = segments.slice(0, special === -1 ? segments.length : special);
  return plain.filter((segment) => segment !== '' && segment !== '.').join('/');
}
