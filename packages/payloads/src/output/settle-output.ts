import { ok, type Outcome } from '@pikaci/model';
import { chmod } from 'node:fs/promises';
import { walkTree, type TreeEntry } from '../tree-walk.js';
import { refusedEntry } from './refused-entry.js';
import { separateHardLinks } from './separate-hard-links.js';

/** What a payload consists of. */
export interface OutputSize {
  /** Sum of the lengths of the files. */
  readonly sizeBytes: number;
  /** Files and links. */
  readonly fileCount: number;
}

/** Checks every entry of an output, makes the files its own, and makes all of it readable for guests that run as some other user. */
export async function settleOutput(payloadId: string, root: string): Promise<Outcome<OutputSize>> {
  let sizeBytes = 0;
  let fileCount = 0;
  const entries = await walkTree(root, Infinity, openToOwner);
  for (const entry of entries) {
    const refused = refusedEntry(payloadId, entry);
    if (refused !== null) return { ok: false, error: refused };
  }
  await separateHardLinks(entries);
  for (const entry of entries) {
    if (!entry.stats.isDirectory()) fileCount += 1;
    if (entry.stats.isFile()) sizeBytes += Number(entry.stats.size);
    await openToAll(entry);
  }
  return ok({ sizeBytes, fileCount });
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
