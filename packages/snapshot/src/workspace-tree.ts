import { ok, type Outcome } from '@pikaci/model';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { indexWorkTree, type FoundRepository } from './index-work-tree.js';
import { replaceRepositories, type NestedRepository } from './nested-repositories.js';
import { copyIndex, type GitSession } from './git-session.js';
import { scopeBelow, type TreeScope } from './tree-scope.js';
import type { WorkspaceMemo } from './workspace-memo.js';
import { findGitPlace, type GitPlace, type TreeBase } from './workspace-place.js';
import type { GitContext } from './git.js';

/** The content of a directory as a git tree among the session's objects. */
export interface WorkspaceTree {
  readonly treeId: string;
  /** A repository in whose name the tree can be checked out: its attributes and filters are the right ones. */
  readonly gitDir: string;
  /** Null before the first commit, and without git. */
  readonly head: string | null;
  /** Null without git. */
  readonly dirty: boolean | null;
  /** Whether its objects are there to be read; false for a tree that is only known from an earlier time. */
  readonly isWritten: boolean;
}

/** What is to be made a tree. */
export interface TreeRequest extends TreeScope {
  /** Canonical path. */
  readonly root: string;
  /** Takes files that ignore rules would leave out, and does not look for a repository around the root. */
  readonly everything: boolean;
  /** What may be known of it; none for repositories inside. */
  readonly memo?: WorkspaceMemo | undefined;
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

const nothingBefore: TreeBase = { prefix: '', head: null, headTree: null, indexSum: '' };

async function plainTree(
  session: GitSession,
  request: TreeRequest,
): Promise<Outcome<WorkspaceTree>> {
  const gitDir = await session.createRepository();
  if (!gitDir.ok) return gitDir;
  const variables = { GIT_DIR: gitDir.value, GIT_WORK_TREE: request.root };
  const context = session.privately(request.root, variables);
  const tree = await treeWithFiles(session, request, {
    context,
    base: nothingBefore,
    gitDir: gitDir.value,
  });
  return tree.ok ? ok({ ...tree.value, dirty: null }) : tree;
}

async function repositoryTree(
  session: GitSession,
  request: TreeRequest,
  place: GitPlace,
): Promise<Outcome<WorkspaceTree>> {
  session.readObjectsOf(place.objectsDir);
  const context = session.privately(request.root);
  const indexSum = copyIndex(place.indexFile, context);
  const base = { ...place, indexSum };
  return treeWithFiles(session, request, { context, base, gitDir: place.gitDir });
}

/** Where git knows a directory. */
interface KnownDirectory {
  readonly context: GitContext;
  readonly base: TreeBase;
  readonly gitDir: string;
}

async function treeWithFiles(
  session: GitSession,
  request: TreeRequest,
  { context, base, gitDir }: KnownDirectory,
): Promise<Outcome<WorkspaceTree>> {
  const indexed = await indexWorkTree(context, base, request, request.memo ?? null);
  if (!indexed.ok) return indexed;
  const { treeId, differs, isWritten, repositories } = indexed.value;
  const nested = await nestedTrees(session, request, repositories);
  if (!nested.ok) return nested;
  const whole = await replaceRepositories(session, gitDir, treeId, nested.value);
  if (!whole.ok) return whole;
  const dirty = differs || nested.value.some(({ tree }) => tree?.dirty === true);
  return ok({ treeId: whole.value, gitDir, head: base.head, dirty, isWritten });
}

/** The trees of repositories inside the directory: submodules that are checked out, and any others. */
async function nestedTrees(
  session: GitSession,
  request: TreeRequest,
  repositories: readonly FoundRepository[],
): Promise<Outcome<readonly NestedRepository[]>> {
  const nested: NestedRepository[] = [];
  for (const { path, ignored } of repositories) {
    const root = join(request.root, path);
    const checkedOut = await lstat(join(root, '.git')).catch(() => null);
    if (checkedOut === null) {
      nested.push({ path, tree: null });
      continue;
    }
    const tree = await writeWorkspaceTree(session, { root, ...scopeBelow(request, path, ignored) });
    if (!tree.ok) return tree;
    nested.push({ path, tree: tree.value });
  }
  return ok(nested);
}
