import { rulesBelow, type SnapshotRules } from './snapshot-rules.js';

/** What of a directory counts. */
export interface TreeScope {
  /** Paths relative to the directory that do not count, with all below them, whatever anybody says. */
  readonly excluded: readonly string[];
  /** Takes ignored files too. */
  readonly everything: boolean;
  readonly rules: SnapshotRules;
}

/** Tells which paths, as git prints them, do not count. */
export function exclusionTest(scope: TreeScope): (path: Buffer) => boolean {
  const excluded = scope.excluded.map((path) => Buffer.from(path));
  const { canExclude, excludes } = scope.rules;
  return (path) =>
    excluded.some((one) => isAtOrBelow(path, one)) || (canExclude && excludes(path.toString()));
}

const slash = 0x2f;

function isAtOrBelow(path: Buffer, directory: Buffer): boolean {
  const { length } = directory;
  if (path.length < length || path.compare(directory, 0, length, 0, length) !== 0) return false;
  return path.length === length || path[length] === slash;
}

/** The scope of a repository inside a directory. */
export function scopeBelow(scope: TreeScope, path: string, ignored: boolean): TreeScope {
  return {
    everything: false,
    rules: rulesBelow(scope.rules, path, ignored),
    excluded: scope.excluded
      .filter((entry) => entry.startsWith(`${path}/`))
      .map((entry) => entry.slice(path.length + 1)),
  };
}
