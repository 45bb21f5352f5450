import picomatch from 'picomatch';
import { relativePathProblem } from './containment.js';

/** One declared artifact, ready for use. */
export interface ArtifactPattern {
  /** As it was declared. */
  readonly text: string;
  /** The directory or file below which everything that matches lies; empty for the whole tree. */
  readonly base: string;
  /** True for a path that matches, and for all that is below a directory that does. */
  matches(path: string): boolean;
}

/** All declared artifacts of a job. A leading `!` takes files out again, whatever the order. */
export interface ArtifactPatterns {
  readonly included: readonly ArtifactPattern[];
  isExcluded(path: string): boolean;
  /** Declared, but of no use: why. */
  readonly problems: readonly string[];
}

/**
 * Reads the declared globs: paths relative to the working tree, `*` within a step, `**` across steps, dot files too.
 *
 * @param what the globs are of, for what is said of one that is of no use
 */
export function artifactPatterns(
  declared: readonly string[],
  what: 'artifact' | 'report' = 'artifact',
): ArtifactPatterns {
  const included: ArtifactPattern[] = [];
  const excluded: ArtifactPattern[] = [];
  const problems: string[] = [];
  for (const text of declared) {
    const negated = text.startsWith('!');
    const glob = (negated ? text.slice(1) : text).replace(/^(\.\/+)+/, '').replace(/\/+$/, '');
    const { base, glob: rest } = picomatch.scan(glob);
    const fixed = rest === '' ? glob : base;
    const problem = fixed === '' ? null : relativePathProblem(fixed);
    if (problem !== null) problems.push(`the ${what} "${text}" ${problem}`);
    else (negated ? excluded : included).push(pattern(text, glob, fixed));
  }
  return {
    included,
    isExcluded: (path) => excluded.some((entry) => entry.matches(path)),
    problems,
  };
}

function pattern(text: string, glob: string, base: string): ArtifactPattern {
  // `s`: a name may hold a line end, which `.` would not match.
  const options = { dot: true, flags: 's' };
  const isMatch = picomatch(glob === '' ? '**' : glob, options);
  const below = picomatch(`${glob}/**`, options);
  return {
    text,
    base: base === '.' ? '' : base,
    matches: (path) => glob === '.' || isMatch(path) || below(path),
  };
}
