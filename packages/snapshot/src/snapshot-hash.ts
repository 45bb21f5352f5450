import { createHash } from 'node:crypto';

/** How snapshot hashes are made. A change of what counts, or of how it is hashed, is a change of this text. */
export const snapshotHashVersion = 'git-tree-v2';

/**
 * The hash that names a snapshot: sha256 over the version, NUL, and the id of the git tree. The tree id covers names,
 * contents, the executable bit and link targets, and neither times nor owners nor empty directories.
 */
export function snapshotHash(treeId: string): string {
  return createHash('sha256').update(`${snapshotHashVersion}\0${treeId}`).digest('hex');
}
