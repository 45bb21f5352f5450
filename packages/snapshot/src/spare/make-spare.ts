import { createStagingDirectory, removeTree, systemErrorCode } from '@pikaci/host';
import {
  entryRecords,
  snapshotLayout,
  snapshotsDirectory,
  spareTreesDirectory,
} from '@pikaci/paths';
import { chmod, lstat, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { entryLinker } from '../entry-linker.js';
import { isLink } from '../entry-names.js';

/** How long other things have the process to themselves between two slices of links. */
export type Pause = () => Promise<void>;

/** About two milliseconds on a file system in memory. */
const linksAtATime = 250;
/** For as many workspaces or branches that share a state root. */
const mostSpares = 2;

/**
 * Makes a spare tree: another copy of a snapshot's tree, all of whose files are second names. The next snapshot of the
 * workspace begins as that, so that it costs what has changed; the links, which cost what the tree does, are made when
 * nobody waits for them. Best effort: without a spare the next snapshot makes its links itself.
 */
export async function makeSpare(stateRoot: string, hash: string, pause: Pause): Promise<void> {
  const spare = join(spareTreesDirectory(stateRoot), hash);
  if ((await lstat(spare).catch(() => null)) !== null) return;
  const { treeDir, entriesFile } = snapshotLayout(stateRoot, hash);
  let staging: string | null = null;
  try {
    staging = await createStagingDirectory(snapshotsDirectory(stateRoot));
    const copy = join(staging, 'spare');
    await mkdir(copy);
    await chmod(copy, 0o755);
    if (!(await linkAll(treeDir, await readFile(entriesFile), copy, pause))) return;
    await mkdir(spareTreesDirectory(stateRoot), { recursive: true });
    await removeOldest(stateRoot, staging);
    await rename(copy, spare);
  } catch (error) {
    // Another process made the same, or something is in the way that the next snapshot will tell of.
    if (systemErrorCode(error) === null) throw error;
  } finally {
    if (staging !== null) await removeTree(staging);
  }
}

/** False when a file could not be linked: then a spare is no use. */
async function linkAll(
  treeDir: string,
  entries: Buffer,
  copy: string,
  pause: Pause,
): Promise<boolean> {
  const { linkFile, copyLink } = entryLinker(treeDir, copy);
  let made = 0;
  for (const record of entryRecords(entries)) {
    if (isLink(record)) copyLink(record);
    else if (!linkFile(record)) return false;
    made += 1;
    if (made % linksAtATime === 0) await pause();
  }
  return true;
}

/** Moves the spares that were made longest ago into a directory that is removed, to make room for one. */
async function removeOldest(stateRoot: string, bin: string): Promise<void> {
  const directory = spareTreesDirectory(stateRoot);
  const names = await readdir(directory);
  if (names.length < mostSpares) return;
  const dated = await Promise.all(
    names.map(async (name) => ({ name, madeMs: (await stat(join(directory, name))).ctimeMs })),
  );
  dated.sort((a, b) => b.madeMs - a.madeMs);
  for (const { name } of dated.slice(mostSpares - 1)) {
    await rename(join(directory, name), join(bin, name));
  }
}
