import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, rename, utimes } from 'node:fs/promises';
import type { TreeEntry } from '../tree-walk.js';

/** True for a file that has other names, here or elsewhere. */
export function isHardLink({ stats }: TreeEntry): boolean {
  return stats.isFile() && stats.nlink !== 1n;
}

/**
 * Gives the payload files of its own where it shares them with the world outside: package managers link files from
 * their caches, and a change there would change the payload, as a change of modes here would change the cache.
 *
 * @param entries all hard links of the payload
 */
export async function separateHardLinks(entries: readonly TreeEntry[]): Promise<void> {
  const groups = new Map<string, TreeEntry[]>();
  for (const entry of entries) {
    const inode = `${entry.stats.dev}:${entry.stats.ino}`;
    groups.set(inode, [...(groups.get(inode) ?? []), entry]);
  }
  for (const group of groups.values()) {
    const links = group[0]?.stats.nlink ?? 0n;
    if (BigInt(group.length) === links) continue;
    for (const entry of group) await replaceByCopy(entry);
  }
}

async function replaceByCopy({ path, stats }: TreeEntry): Promise<void> {
  // Not made of the name, which may be as long as names can be.
  const parent = path.subarray(0, path.lastIndexOf('/') + 1);
  const temporary = Buffer.concat([parent, Buffer.from(`.pikaci-copy-${randomUUID()}`)]);
  await copyFile(path, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await chmod(temporary, Number(stats.mode & 0o1777n));
  await utimes(temporary, Number(stats.atimeMs) / 1000, Number(stats.mtimeMs) / 1000);
  await rename(temporary, path);
}
