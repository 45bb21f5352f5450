import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '@pikaci/host';

/** An entry of a tree. `other`: links, devices, sockets, pipes. */
export interface TreeEntry {
  /** Relative to the root. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'other';
}

/**
 * All entries at and below a path of a tree, directories before what is in them, siblings by name. Links are
 * reported and never followed, not even on the way to that path: what lies behind one is not in the tree.
 * @param base relative to the root; empty for the root itself
 * @param enter which directories to look into
 */
export async function* walkTree(
  root: string,
  base: string,
  enter: (path: string) => boolean,
): AsyncGenerator<TreeEntry> {
  const kind = await kindOfBase(root, base);
  if (kind === null) return;
  if (base !== '') yield { path: base, kind };
  if (kind === 'directory' && enter(base)) yield* walkDirectory(root, base, enter);
}

async function* walkDirectory(
  root: string,
  dir: string,
  enter: (path: string) => boolean,
): AsyncGenerator<TreeEntry> {
  const entries = await readdir(join(root, dir), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = dir === '' ? entry.name : `${dir}/${entry.name}`;
    const kind = kindOf(entry);
    yield { path, kind };
    if (kind === 'directory' && enter(path)) yield* walkDirectory(root, path, enter);
  }
}

/** Null when there is nothing, or only behind a link. */
async function kindOfBase(root: string, base: string): Promise<TreeEntry['kind'] | null> {
  let path = root;
  let kind: TreeEntry['kind'] = 'directory';
  for (const step of base === '' ? [] : base.split('/')) {
    if (kind !== 'directory') return null;
    path = join(path, step);
    try {
      kind = kindOf(await lstat(path));
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }
  return kind;
}

function kindOf(entry: Pick<Dirent, 'isFile' | 'isDirectory'>): TreeEntry['kind'] {
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'directory' : 'other';
}
