import { rulesBelow, type SnapshotRules } from './snapshot-rules.js';

/** What of a directory counts. */
export interface TreeScope {
  /** Paths relative to the directory that do not count, with all below them, whatever anybody says. */
  readonly excluded: readonly string[];
  /** Takes ignored files too. */
  readonly everything: boolean;
  readonly rules: SnapshotRules;
}

/** Tells whether the path between two offsets of what git printed does not count. */
export type ExclusionTest = (bytes: Buffer, start?: number, end?: number) => boolean;

/** Which paths do not count. There may be a million, so most are told by their first byte. */
export function exclusionTest(scope: TreeScope): ExclusionTest {
  const excluded = scope.excluded.map((path) => Buffer.from(path));
  const { canExclude, excludes } = scope.rules;
  return (bytes, start = 0, end = bytes.length) => {
    for (const one of excluded) if (isAtOrBelow(bytes, start, end, one)) return true;
    return canExclude && excludes(bytes.toString('utf8', start, end));
  };
}

const slash = 0x2f;

function isAtOrBelow(bytes: Buffer, start: number, end: number, directory: Buffer): boolean {
  const { length } = directory;
  if (bytes[start] !== directory[0] || end - start < length) return false;
  if (bytes.compare(directory, 0, length, start, start + length) !== 0) return false;
  return end - start === length || bytes[start + length] === slash;
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
