import { spareTreesDirectory } from '@pikaci/paths';
import { renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { EntryDifference } from '../entry-difference.js';
import { fileName, parentOf, pathOfRecord } from '../entry-names.js';

/**
 * Takes the spare tree that is like a snapshot, if there is one: in one step, so that only one of two who want it has it.
 *
 * @param treeDir an empty directory on the same file system, whose place it takes
 */
export function claimSpare(stateRoot: string, hash: string, treeDir: string): boolean {
  try {
    renameSync(join(spareTreesDirectory(stateRoot), hash), treeDir);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EXDEV') return false;
    throw error;
  }
}

/**
 * Removes from a tree what another one has not, and the directories that are empty then.
 *
 * @returns false when the tree is not what it should be: something of it was gone already
 */
export function removeGone(treeDir: string, { gone }: Pick<EntryDifference, 'gone'>): boolean {
  const root = `${treeDir}/`;
  try {
    for (const record of gone) {
      const path = pathOfRecord(record);
      unlinkSync(fileName(root, path));
      removeEmptyDirectories(root, parentOf(path));
    }
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return false;
    throw error;
  }
}

function removeEmptyDirectories(root: string, path: string): void {
  for (let dir = path; dir !== ''; dir = parentOf(dir)) {
    try {
      rmdirSync(fileName(root, dir));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return;
      throw error;
    }
  }
}
