import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { joinBytes } from '../tree-walk.js';

/** A place in a tree. */
export interface TreePlace {
  /** Absolute. */
  readonly path: Buffer;
  /** Relative to the root of the tree, with slashes; empty for the root itself. */
  readonly relativePath: Buffer;
  readonly isDirectory: boolean;
}

/**
 * A tree in the one order that every machine finds it in: each directory is followed by what is in it, in the order of
 * the names' bytes. Links are not followed. Only directories that are still to be read are remembered.
 */
export async function* orderedTree(root: string): AsyncGenerator<TreePlace> {
  const first = { path: Buffer.from(root), relativePath: Buffer.alloc(0), isDirectory: true };
  const waiting: TreePlace[] = [first];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    yield place;
    if (!place.isDirectory) continue;
    const { path, relativePath } = place;
    const found = await readdir(path, { withFileTypes: true, encoding: 'buffer' });
    for (const entry of found.sort(lastFirst)) {
      waiting.push({
        path: joinBytes(path, entry.name),
        relativePath: joinBytes(relativePath, entry.name),
        isDirectory: entry.isDirectory(),
      });
    }
  }
}

function lastFirst(a: Dirent<Buffer>, b: Dirent<Buffer>): number {
  return Buffer.compare(b.name, a.name);
}
