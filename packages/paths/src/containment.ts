import { isAbsolute, posix, relative, sep } from 'node:path';

/** True when `path` is `root` or lies below it. Both absolute; purely lexical, so resolve links first. */
export function isWithin(root: string, path: string): boolean {
  const steps = relative(root, path);
  return steps === '' || (!isAbsolute(steps) && steps !== '..' && !steps.startsWith(`..${sep}`));
}

/** The same for two paths that are relative to one tree. */
export function isWithinRelative(root: string, path: string): boolean {
  return isWithin(posix.join('/', root), posix.join('/', path));
}

/** Why a path cannot be used as a relative path inside a tree; null when it can. `.` is the tree itself. */
export function relativePathProblem(path: string): string | null {
  if (path === '') return 'is empty';
  if (hasControlCharacter(path)) return 'holds a control character';
  if (path.startsWith('/')) return 'is absolute';
  if (path.split('/').includes('..')) return 'leads out with ".."';
  if (path !== '.' && posix.normalize(path) !== path) return 'is not normalised';
  if (path !== '.' && path.endsWith('/')) return 'ends with a slash';
  return null;
}

/** Why a path cannot be used as an absolute path in a guest; null when it can. */
export function absolutePathProblem(path: string): string | null {
  if (hasControlCharacter(path)) return 'holds a control character';
  if (!path.startsWith('/')) return 'is not absolute';
  if (path === '/') return 'is the root directory';
  if (path.split('/').includes('..')) return 'leads out with ".."';
  if (posix.normalize(path) !== path || path.endsWith('/')) return 'is not normalised';
  return null;
}

function hasControlCharacter(path: string): boolean {
  // C0, delete and C1: what a terminal would obey, were the path printed.
  return Array.from(path, (character) => character.charCodeAt(0)).some(
    (code) => code < 0x20 || (code >= 0x7f && code < 0xa0),
  );
}
