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
