import { isExclusion, pathListMatcher, patternBase } from '@pikaci/paths';

/** What configuration says of the files of a directory. Paths are relative to it. */
export interface SnapshotRules {
  /** Tells them from others. */
  readonly text: string;
  /** False when no rule can leave a file out, so that nobody has to ask for each. */
  readonly canExclude: boolean;
  readonly excludes: (path: string) => boolean;
  readonly includes: (path: string) => boolean;
  /** At or below these lies every ignored file that may be included; an empty one is the directory itself. */
  readonly includeBases: readonly string[];
}

/** Globs as in the configuration's `snapshot`. */
export interface SnapshotGlobs {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** The rules of a workspace. */
export function createSnapshotRules({ include = [], exclude = [] }: SnapshotGlobs): SnapshotRules {
  return {
    text: JSON.stringify([include, exclude]),
    canExclude: exclude.length > 0,
    excludes: pathListMatcher(exclude),
    includes: pathListMatcher(include),
    includeBases: include.filter((glob) => !isExclusion(glob)).map(patternBase),
  };
}

/** Of a tree in which everything counts. */
export const noRules: SnapshotRules = createSnapshotRules({});

/**
 * The rules of a repository in a directory that has rules. When the outer repository ignores it, its files are ignored
 * ones, and only what is included of them counts.
 */
export function rulesBelow(rules: SnapshotRules, path: string, ignored: boolean): SnapshotRules {
  const prefix = `${path}/`;
  const includes = (below: string) => rules.includes(prefix + below);
  const excludes = (below: string) => rules.excludes(prefix + below);
  return {
    text: JSON.stringify([rules.text, path, ignored]),
    canExclude: rules.canExclude || ignored,
    excludes: ignored ? (below) => excludes(below) || !includes(below) : excludes,
    includes,
    includeBases: rules.includeBases.flatMap((base) => {
      if (base === '' || base === path || prefix.startsWith(`${base}/`)) return [''];
      return base.startsWith(prefix) ? [base.slice(prefix.length)] : [];
    }),
  };
}
