import { ok, type Outcome } from '@pikaci/model';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { diffFromHead, indexWorkTree, writeTree, type TreeScope } from './index-work-tree.js';
import { replaceRepositories, type NestedRepository } from './nested-repositories.js';
import { copyIndex, type GitSession } from './git-session.js';
import { findGitPlace, type GitPlace } from './workspace-place.js';

/** The content of a directory as a git tree among the session's objects. */
export interface WorkspaceTree {
  readonly treeId: string;
  /** A repository in whose name the tree can be checked out: its attributes and filters are the right ones. */
  readonly gitDir: string;
  /** Null before the first commit, and without git. */
  readonly head: string | null;
  /** Null without git. */
  readonly dirty: boolean | null;
}

/** What is to be made a tree. */
export interface TreeRequest extends TreeScope {
  /** Canonical path. */
  readonly root: string;
  /** Takes files that ignore rules would leave out, and does not look for a repository around the root. */
  readonly everything: boolean;
}

/** Makes the tree of a directory: what git tracks there and what it would, with the content it has now. */
export async function writeWorkspaceTree(
  session: GitSession,
  request: TreeRequest,
): Promise<Outcome<WorkspaceTree>> {
  const place = request.everything ? ok(null) : await findGitPlace(session.at(request.root));
  if (!place.ok) return place;
  return place.value === null
    ? plainTree(session, request)
    : repositoryTree(session, request, place.value);
}

async function plainTree(
  session: GitSession,
  request: TreeRequest,
): Promise<Outcome<WorkspaceTree>> {
  const gitDir = await session.createRepository();
  if (!gitDir.ok) return gitDir;
  const context = session.privately(request.root, {
    GIT_DIR: gitDir.value,
    GIT_WORK_TREE: request.root,
  });
  const indexed = await indexWorkTree(context, request);
  if (!indexed.ok) return indexed;
  const treeId = await writeTree(context, '');
  if (!treeId.ok) return treeId;
  const nested = await nestedTrees(session, request, indexed.value);
  if (!nested.ok) return nested;
  const whole = await replaceRepositories(session, gitDir.value, treeId.value, nested.value);
  if (!whole.ok) return whole;
  return ok({ treeId: whole.value, gitDir: gitDir.value, head: null, dirty: null });
}

async function repositoryTree(
  session: GitSession,
  request: TreeRequest,
  place: GitPlace,
): Promise<Outcome<WorkspaceTree>> {
  await session.readObjectsOf(place.objectsDir);
  const context = session.privately(request.root);
  await copyIndex(place.indexFile, context);
  const indexed = await indexWorkTree(context, request);
  if (!indexed.ok) return indexed;
  const treeId = await writeTree(context, place.prefix);
  if (!treeId.ok) return treeId;
  const differs = place.head === null ? ok(true) : await diffFromHead(context, request);
  if (!differs.ok) return differs;
  const nested = await nestedTrees(session, request, indexed.value);
  if (!nested.ok) return nested;
  const whole = await replaceRepositories(session, place.gitDir, treeId.value, nested.value);
  if (!whole.ok) return whole;
  const dirty = differs.value || nested.value.some(({ tree }) => tree?.dirty === true);
  return ok({ treeId: whole.value, gitDir: place.gitDir, head: place.head, dirty });
}

/** The trees of repositories inside the directory: submodules that are checked out, and any others. */
async function nestedTrees(
  session: GitSession,
  request: TreeRequest,
  paths: readonly string[],
): Promise<Outcome<readonly NestedRepository[]>> {
  const nested: NestedRepository[] = [];
  for (const path of paths) {
    const root = join(request.root, path);
    const checkedOut = await lstat(join(root, '.git')).catch(() => null);
    if (checkedOut === null) {
      nested.push({ path, tree: null });
      continue;
    }
    const tree = await writeWorkspaceTree(session, {
      root,
      everything: false,
      excluded: excludedBelow(request.excluded, path),
    });
    if (!tree.ok) return tree;
    nested.push({ path, tree: tree.value });
  }
  return ok(nested);
}

function excludedBelow(excluded: readonly string[], path: string): string[] {
  return excluded
    .filter((entry) => entry.startsWith(`${path}/`))
    .map((entry) => entry.slice(path.length + 1));
}
