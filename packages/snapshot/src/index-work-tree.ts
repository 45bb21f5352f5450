import { fail, ok, type Outcome } from '@pikaci/model';
import { askGit, gitFailed, runGit, type GitContext } from './git.js';
import { joinRecords, splitRecords } from './index-entries.js';
import { isRepository, listTracked, surveyWorkTree, type Survey } from './survey-work-tree.js';
import { exclusionTest, type TreeScope } from './tree-scope.js';
import { causesKey, type RememberedTree, type TreeCauses, type TreeMemo } from './tree-memo.js';
import type { TreeBase } from './workspace-place.js';

/** A repository inside a directory. */
export interface FoundRepository {
  /** Relative to the directory. */
  readonly path: string;
  /** The repository around it ignores it; it may have files that configuration includes. */
  readonly ignored: boolean;
}

/** What the work tree of a directory holds. */
export interface IndexedTree {
  /** Id of the tree; repositories inside are in it as commits, if at all. */
  readonly treeId: string;
  /** Whether that, or the commit of a repository inside, is another than the head commit says. */
  readonly differs: boolean;
  /** Whether the tree's objects are there to be read; false for one that is only known from an earlier time. */
  readonly isWritten: boolean;
  readonly repositories: readonly FoundRepository[];
}

/**
 * Tells the tree of the files below the context's directory. Nothing but the head commit is needed when nothing differs
 * from it; else the private index is brought up to date.
 */
export async function indexWorkTree(
  context: GitContext,
  base: TreeBase,
  scope: TreeScope,
  memo: TreeMemo | null,
): Promise<Outcome<IndexedTree>> {
  const first = await surveyWorkTree(context, base, scope);
  if (!first.ok) return first;
  const found = await lookAtAll(context, scope, first.value);
  if (!found.ok) return found;
  const survey = found.value;
  const repositories = repositoriesOf(survey);
  if (!repositories.ok) return repositories;
  // Repositories are put into the tree later, for which it has to be there.
  const usable = repositories.value.length === 0 ? memo : null;
  const tree = await treeOf(context, base, scope, { survey, memo: usable });
  if (!tree.ok) return tree;
  const moved = survey.tracked.movedRepositories.length > 0 || survey.untracked.some(isRepository);
  const differs = moved || tree.value.differs;
  return ok({ ...tree.value, differs, repositories: repositories.value });
}

/** Users may tell git not to look at a file, or not to check it out; a snapshot is of what is there all the same. */
async function lookAtAll(
  context: GitContext,
  scope: TreeScope,
  survey: Survey,
): Promise<Outcome<Survey>> {
  const { assumedUnchanged, skipped } = survey.tracked;
  if (assumedUnchanged.length + skipped.length === 0) return ok(survey);
  const looked = await updateIndex(context, ['--no-assume-unchanged'], assumedUnchanged);
  if (!looked.ok) return looked;
  const kept = await updateIndex(context, ['--no-skip-worktree'], skipped);
  if (!kept.ok) return kept;
  const tracked = await listTracked(context, scope);
  return tracked.ok ? ok({ ...survey, tracked: tracked.value }) : tracked;
}

type FoundTree = Omit<IndexedTree, 'repositories'>;

async function treeOf(
  context: GitContext,
  base: TreeBase,
  scope: TreeScope,
  { survey, memo }: { readonly survey: Survey; readonly memo: TreeMemo | null },
): Promise<Outcome<FoundTree>> {
  const { headTree } = base;
  const { modified, excluded } = survey.tracked;
  const unwanted = [...excluded, ...survey.unmergedElsewhere];
  const changed = [...modified, ...files(survey.untracked), ...files(survey.included)];
  if (headTree !== null && !survey.isStaged && unwanted.length + changed.length === 0) {
    return ok({ treeId: headTree, differs: false, isWritten: true });
  }
  const { head, prefix, indexSum } = base;
  const facts = [head, headTree, prefix, indexSum, scope.rules.text];
  const causes = { root: context.cwd, facts, changed, unwanted };
  const key = memo === null || indexSum === null ? null : await causesKey(causes);
  const known = key === null ? null : await memo?.recall(key);
  if (known != null) return ok({ ...known, isWritten: false });
  const made = await makeTree(context, base, scope, { changed, unwanted });
  if (!made.ok) return made;
  if (key !== null) memo?.note(key, made.value);
  return ok({ ...made.value, isWritten: true });
}

async function makeTree(
  context: GitContext,
  base: TreeBase,
  scope: TreeScope,
  { changed, unwanted }: Pick<TreeCauses, 'changed' | 'unwanted'>,
): Promise<Outcome<RememberedTree>> {
  const removed = await updateIndex(context, ['--force-remove'], unwanted);
  if (!removed.ok) return removed;
  const updated = await updateIndex(context, ['--add', '--remove', '--replace'], changed);
  if (!updated.ok) return updated;
  const written = await writeTree(context, base.prefix);
  if (!written.ok) return written;
  const treeId = written.value;
  if (unwanted.length === 0 || base.head === null) {
    return ok({ treeId, differs: treeId !== base.headTree });
  }
  const differs = await differsFromHead(context, base.head, scope);
  return differs.ok ? ok({ treeId, differs: differs.value }) : differs;
}

const files = (paths: readonly Buffer[]) => paths.filter((path) => !isRepository(path));

/** The id of the tree of the directory with this prefix in the private index. */
async function writeTree(context: GitContext, prefix: string): Promise<Outcome<string>> {
  if (prefix === '') {
    const tree = await runGit(context, ['write-tree']);
    return tree.ok ? ok(tree.value.text) : tree;
  }
  const question = ['write-tree', `--prefix=${prefix}`];
  const tree = await askGit(context, question);
  if (!tree.ok) return tree;
  if (tree.value.exitCode === 0) return ok(tree.value.text);
  if (!tree.value.stderr.includes(' not found')) return gitFailed(context, question, tree.value);
  const empty = await runGit(context, ['mktree', '-z'], { stdin: Buffer.alloc(0) });
  return empty.ok ? ok(empty.value.text) : empty;
}

/** True when the private index differs from the head commit in what counts. */
async function differsFromHead(
  context: GitContext,
  head: string,
  scope: TreeScope,
): Promise<Outcome<boolean>> {
  const question = ['diff-index', '--cached', '--relative', '--name-only', '--no-renames', '-z'];
  const diff = await runGit(context, [...question, head, '--', '.']);
  if (!diff.ok) return diff;
  const isExcluded = exclusionTest(scope);
  return ok(splitRecords(diff.value.stdout).some((path) => !isExcluded(path)));
}

async function updateIndex(
  context: GitContext,
  flags: readonly string[],
  paths: readonly Buffer[],
): Promise<Outcome<null>> {
  if (paths.length === 0) return ok(null);
  const args = ['update-index', ...flags, '-z', '--stdin'];
  const done = await runGit(context, args, { stdin: joinRecords(paths) });
  if (!done.ok) return done;
  // It takes no such name, and does not call that an error.
  const ignored = done.value.stderr.startsWith('Ignoring path ');
  return ignored ? gitFailed(context, args, done.value) : ok(null);
}

function repositoriesOf(survey: Survey): Outcome<readonly FoundRepository[]> {
  const found: FoundRepository[] = [];
  const groups = [
    { paths: survey.tracked.repositories, ignored: false },
    { paths: survey.untracked.filter(isRepository), ignored: false },
    { paths: survey.included.filter(isRepository), ignored: true },
  ];
  for (const { paths, ignored } of groups) {
    for (const path of paths) {
      const name = path.toString('utf8').replace(/\/$/, '');
      if (name.includes('\uFFFD')) return oddName(name);
      found.push({ path: name, ignored });
    }
  }
  return ok(found);
}

function oddName(name: string): Outcome<never> {
  return fail('snapshot', `The name of the repository ${name} in the workspace is no UTF-8`, {
    hint: 'Rename the directory, or list it in .gitignore.',
  });
}
