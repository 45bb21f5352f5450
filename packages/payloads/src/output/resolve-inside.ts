import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a path inside a tree really leads. */
export type ResolvedPath =
  /** All links resolved; relative to the root, `.` for the root itself. */
  | { readonly kind: 'inside'; readonly relativePath: string }
  /** The link, relative to the root, and its target, on which the path leaves the root, be it to come back. */
  | { readonly kind: 'outside'; readonly link: string; readonly target: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'loop' };

/** As many as the Linux kernel follows in one path (path_resolution(7)). */
const mostLinks = 40;

/**
 * Resolves a relative path step by step. No link is followed outside the root, and a path that leaves it on the way is
 * told even when it comes back: what it finds there would depend on names outside the tree.
 *
 * @param relativePath normalised, without `..`
 */
export async function resolveInside(root: string, relativePath: string): Promise<ResolvedPath> {
  const steps = stepsOf(relativePath);
  let at: readonly string[] = [];
  let links = 0;
  let link = '';
  let target = '';
  while (steps.length > 0) {
    const step = steps.shift() ?? '';
    if (step === '.') continue;
    if (step === '..') {
      if (at.length === 0) return { kind: 'outside', link, target };
      at = at.slice(0, -1);
      continue;
    }
    const path = [...at, step];
    const found = await lookAt(join(root, ...path));
    if (found === null) return { kind: 'missing' };
    if (found === 'directory' || (found === 'file' && steps.length === 0)) {
      at = path;
      continue;
    }
    if (found === 'file') return { kind: 'missing' };
    link = path.join('/');
    ({ target } = found);
    links += 1;
    if (links > mostLinks) return { kind: 'loop' };
    if (target.startsWith('/')) return { kind: 'outside', link, target };
    steps.unshift(...stepsOf(target));
  }
  return { kind: 'inside', relativePath: at.length === 0 ? '.' : at.join('/') };
}

/** A `.` or a slash at the end stays as a step: it says that what is before it is a directory. */
function stepsOf(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  return /\/\.?$/.test(path) ? [...steps, '.'] : steps;
}

/** Null when there is nothing; the target of a link. */
async function lookAt(
  path: string,
): Promise<'directory' | 'file' | { readonly target: string } | null> {
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) return { target: await readlink(path) };
    return found.isDirectory() ? 'directory' : 'file';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return null;
    throw error;
  }
}
