import type { EntryRecord } from '@pikaci/paths';
import { entryLinker } from './entry-linker.js';
import { isLink } from './entry-names.js';
import type { EntryDifference } from './entry-difference.js';

/** After so many links, whatever else waits for the process gets its turn. */
const linksAtATime = 500;

/**
 * Gives a new tree those files of an earlier snapshot that it has unchanged: each gets a second name. Both trees are
 * never written to, and jobs get them read-only or as the lower layer of an overlay, so that they can share files; what
 * is copied for jobs is copied by content.
 *
 * @returns the entries that could not be linked, because the earlier tree has lost them or because a file has as many
 * names as the file system allows; and links, for where a link to a link leads is up to the system
 */
export async function linkUnchanged(
  sourceDir: string,
  treeDir: string,
  { same }: Pick<EntryDifference, 'same'>,
): Promise<readonly EntryRecord[]> {
  const lacking: EntryRecord[] = [];
  const { linkFile } = entryLinker(sourceDir, treeDir);
  let made = 0;
  for (const record of same()) {
    if (isLink(record) || !linkFile(record)) lacking.push(record);
    made += 1;
    if (made % linksAtATime === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return lacking;
}
