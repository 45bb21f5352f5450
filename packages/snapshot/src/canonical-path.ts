import { fail, ok, type Outcome } from '@pikaci/model';
import { isWithin } from '@pikaci/paths';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';

/** The path of a workspace with every symbolic link resolved. */
export async function canonicalDirectory(path: string): Promise<Outcome<string>> {
  try {
    const canonical = await realpath(path);
    if ((await stat(canonical)).isDirectory()) return ok(canonical);
    return notADirectory(path, 'it is a file');
  } catch (error) {
    return notADirectory(path, error instanceof Error ? error.message : String(error));
  }
}

function notADirectory(path: string, reason: string): ReturnType<typeof fail> {
  return fail('snapshot', `The workspace ${path} is not a directory that can be read`, {
    reason,
    hint: 'Start pikaci in the workspace, or name an existing directory.',
  });
}

/**
 * Where a path lies inside a canonical directory: relative to it, empty for the directory itself, null when it lies
 * elsewhere. The path need not exist; links on the way to it are resolved.
 */
export async function pathInside(root: string, path: string): Promise<string | null> {
  const canonical = await canonicalise(resolve(path));
  return isWithin(root, canonical) ? relative(root, canonical) : null;
}

async function canonicalise(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await canonicalise(parent), basename(path));
  }
}
