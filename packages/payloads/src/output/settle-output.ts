import type { Outcome } from '@pikaci/model';
import { chmod } from 'node:fs/promises';
import { streamTree, type TreeEntry } from '../tree-walk.js';
import { sizeOfEntries, type OutputSize } from './measure-output.js';
import { isHardLink, separateHardLinks } from './separate-hard-links.js';

/**
 * Checks every entry of an output, makes the files its own, and makes all of it readable for guests that run as some other
 * user. Nothing is changed before all is checked, but that a build's closed directories are opened to its own user.
 *
 * @throws the signal's reason when it is raised before the end
 */
export async function settleOutput(
  payloadId: string,
  root: string,
  signal: AbortSignal,
): Promise<Outcome<OutputSize>> {
  // Both are few: the rest of a large tree is not kept in memory.
  const hardLinks: TreeEntry[] = [];
  const closed = new Map<string, number>();
  const enter = async (directory: TreeEntry): Promise<void> => {
    const mode = modeOf(directory);
    if ((mode & ownerBits) === ownerBits) return;
    closed.set(nameOf(directory), mode);
    await chmod(directory.path, mode | ownerBits);
  };
  const size = await sizeOfEntries(payloadId, streamTree(root, { enter, signal }), (entry) => {
    if (isHardLink(entry)) hardLinks.push(entry);
  });
  if (!size.ok) return size;
  await separateHardLinks(hardLinks);
  for await (const entry of streamTree(root, { signal })) {
    await openToAll(entry, closed.get(nameOf(entry)) ?? modeOf(entry));
  }
  return size;
}

/** A build may have closed directories to its own user, who could neither read them nor change anything in them. */
const ownerBits = 0o700;

const modeOf = ({ stats }: TreeEntry) => Number(stats.mode & 0o7777n);
const nameOf = ({ relativePath }: TreeEntry) => relativePath.toString('latin1');

/** @param mode the one that the build left */
async function openToAll(entry: TreeEntry, mode: number): Promise<void> {
  const { path, stats } = entry;
  if (stats.isSymbolicLink()) return;
  const executable = stats.isDirectory() || (mode & 0o111) !== 0;
  // Directories may have inherited the setgid bit from the one they were made in.
  const wanted = (mode & 0o1777) | (executable ? 0o555 : 0o444);
  if (wanted !== modeOf(entry)) await chmod(path, wanted);
}
