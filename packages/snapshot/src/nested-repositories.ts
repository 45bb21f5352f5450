import { ok, type Outcome } from '@pikaci/model';
import { runGit } from './git.js';
import type { GitSession } from './git-session.js';
import { joinRecords } from './index-entries.js';
import type { WorkspaceTree } from './workspace-tree.js';

/** A repository inside the workspace. */
export interface NestedRepository {
  /** Relative to the workspace root. */
  readonly path: string;
  /** Null when it is a submodule that is not checked out. */
  readonly tree: WorkspaceTree | null;
}

/**
 * Puts the files of nested repositories in the place of the commits that git records for them. Jobs have no git and no
 * network in their snapshot, so a commit's name alone would be an empty directory to them.
 *
 * @returns the id of the tree with all files
 */
export async function replaceRepositories(
  session: GitSession,
  gitDir: string,
  treeId: string,
  nested: readonly NestedRepository[],
): Promise<Outcome<string>> {
  if (nested.length === 0) return ok(treeId);
  const context = session.detached(gitDir);
  const read = await runGit(context, ['read-tree', treeId]);
  if (!read.ok) return read;
  const paths = joinRecords(nested.map(({ path }) => Buffer.from(path)));
  const removed = await runGit(context, ['update-index', '--force-remove', '-z', '--stdin'], {
    stdin: paths,
  });
  if (!removed.ok) return removed;
  for (const { path, tree } of nested) {
    if (tree === null) continue;
    const added = await runGit(context, ['read-tree', '-i', `--prefix=${path}/`, tree.treeId]);
    if (!added.ok) return added;
  }
  const written = await runGit(context, ['write-tree']);
  return written.ok ? ok(written.value.text) : written;
}
