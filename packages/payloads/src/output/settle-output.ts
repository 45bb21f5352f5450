import type { Outcome } from '@pikaci/model';
import { chmod } from 'node:fs/promises';
import { walkTree, type TreeEntry } from '../tree-walk.js';
import { sizeOfEntries, type OutputSize } from './measure-output.js';
import { separateHardLinks } from './separate-hard-links.js';

/** Checks every entry of an output, makes the files its own, and makes all of it readable for guests that run as some other user. */
export async function settleOutput(payloadId: string, root: string): Promise<Outcome<OutputSize>> {
  const entries = await walkTree(root, Infinity, openToOwner);
  const size = sizeOfEntries(payloadId, entries);
  if (!size.ok) return size;
  await separateHardLinks(entries);
  for (const entry of entries) await openToAll(entry);
  return size;
}

const ownerBits = 0o700;

/** A build may have closed directories to its own user, who could neither read them nor change anything in them. */
async function openToOwner({ path, stats }: TreeEntry): Promise<void> {
  const mode = Number(stats.mode & 0o7777n);
  if ((mode & ownerBits) !== ownerBits) await chmod(path, mode | ownerBits);
}

async function openToAll({ path, stats }: TreeEntry): Promise<void> {
  if (stats.isSymbolicLink()) return;
  const mode = Number(stats.mode & 0o7777n);
  const executable = stats.isDirectory() || (mode & 0o111) !== 0;
  // Directories may have inherited the setgid bit from the one they were made in.
  const wanted = (mode & 0o1777) | (executable ? 0o555 : 0o444);
  const opened = stats.isDirectory() && (mode & ownerBits) !== ownerBits;
  if (wanted !== mode || opened) await chmod(path, wanted);
}
