import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NeededRoom } from './full-disk.js';
import { runGit } from './git.js';
import type { GitSession } from './git-session.js';
import { splitRecords } from './index-entries.js';
import type { WorkspaceTree } from './workspace-tree.js';

/** What file systems give a file at once, in bytes. */
const blockBytes = 4096;

/** How much room those files of a tree need that are not in a directory; nothing when that cannot be told. */
export async function roomForLacking(
  session: GitSession,
  { gitDir, treeId }: WorkspaceTree,
  treeDir: string,
): Promise<NeededRoom> {
  const args = ['ls-tree', '-r', '-l', '-z', '--full-tree', treeId];
  const listed = await runGit(session.detached(gitDir), args);
  const needed = { bytes: 0, files: 0 };
  if (!listed.ok) return needed;
  for (const record of splitRecords(listed.value.stdout)) {
    const tab = record.indexOf('\t');
    const path = Buffer.concat([Buffer.from(join(treeDir, '/')), record.subarray(tab + 1)]);
    if ((await lstat(path).catch(() => null)) !== null) continue;
    // "<mode> <type> <id> <size>"; what is no file has "-".
    const size = Number(record.subarray(0, tab).toString().split(/ +/)[3]) || 0;
    needed.bytes += Math.ceil(size / blockBytes) * blockBytes;
    needed.files += 1;
  }
  return needed;
}
