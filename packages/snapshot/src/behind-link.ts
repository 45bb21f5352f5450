import { lstatSync } from 'node:fs';
import { fileName, parentOf } from './entry-names.js';

/**
 * Tells paths below a directory that lead through a symbolic link. Each directory is looked at once.
 *
 * @returns true for such a path
 */
export function behindLinkTest(dir: string): (path: Buffer) => boolean {
  const root = `${dir}/`;
  const known = new Map<string, boolean>([['', false]]);
  const isBehind = (path: string): boolean => {
    const found = known.get(path) ?? (isBehind(parentOf(path)) || isSymbolicLink(root, path));
    known.set(path, found);
    return found;
  };
  return (path) => isBehind(parentOf(path.toString('latin1')));
}

function isSymbolicLink(root: string, path: string): boolean {
  try {
    return lstatSync(fileName(root, path)).isSymbolicLink();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A directory above it is gone, or is a file now.
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
