import { fail, ok, type Outcome } from '@pikaci/model';
import {
  askGit,
  gitCouldNot,
  gitFailed,
  runGit,
  runGitInTurn,
  type GitAnswer,
  type GitContext,
} from './git.js';
import { behindLinkTest } from './behind-link.js';
import { joinRecords, splitRecords } from './index-entries.js';
import { isRepository, listTracked, surveyWorkTree, type Survey } from './survey-work-tree.js';
import { exclusionTest, type TreeScope } from './tree-scope.js';
import { causesKey, type RememberedTree, type TreeCauses } from './tree-memo.js';
import type { WorkspaceMemo } from './workspace-memo.js';
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
  memo: WorkspaceMemo | null,
): Promise<Outcome<IndexedTree>> {
  const first = await surveyWorkTree(context, base, scope, memo?.index ?? null);
  if (!first.ok) return first;
  const found = await lookAtAll(context, scope, first.value);
  if (!found.ok) return found;
  const survey = found.value;
  const repositories = repositoriesOf(survey);
  if (!repositories.ok) return repositories;
  // Repositories are put into the tree later, for which it has to be there.
  const usable = repositories.value.length === 0 ? (memo?.tree ?? null) : null;
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
  { survey, memo }: { readonly survey: Survey; readonly memo: WorkspaceMemo['tree'] | null },
): Promise<Outcome<FoundTree>> {
  const { headTree } = base;
  const { modified, excluded } = survey.tracked;
  // Git says of what lies behind a link that it changed, but reads nothing there: it is gone.
  const isBehindLink = behindLinkTest(context.cwd);
  const unwanted = [...excluded, ...survey.unmergedElsewhere, ...modified.filter(isBehindLink)];
  const there = modified.filter((path) => !isBehindLink(path));
  const changed = [...there, ...files(survey.untracked), ...files(survey.included)];
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
  const written = await updateAndWrite(context, base.prefix, changed);
  if (!written.ok) return written;
  const treeId = written.value;
  if (unwanted.length === 0 || base.head === null) {
    return ok({ treeId, differs: treeId !== base.headTree });
  }
  const differs = await differsFromHead(context, base.head, scope);
  return differs.ok ? ok({ treeId, differs: differs.value }) : differs;
}

const files = (paths: readonly Buffer[]) => paths.filter((path) => !isRepository(path));

/** Takes changed files into the private index, and makes the tree of the directory with this prefix. */
async function updateAndWrite(
  context: GitContext,
  prefix: string,
  changed: readonly Buffer[],
): Promise<Outcome<string>> {
  if (prefix === '' && changed.length > 0) {
    const calls = [updateArguments(takeAsIs), ['write-tree']];
    const tree = await runGitInTurn(context, calls, { stdin: joinRecords(changed) });
    if (!tree.ok) return tree;
    const whole = checkNames(context, calls.flat(), tree.value);
    return whole.ok ? ok(tree.value.text) : whole;
  }
  const updated = await updateIndex(context, takeAsIs, changed);
  return updated.ok ? writeTree(context, prefix) : updated;
}

const takeAsIs = ['--add', '--remove', '--replace'];

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
  if (!tree.value.stderr.includes(' not found')) return gitCouldNot(context, question, tree.value);
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
  const args = updateArguments(flags);
  const done = await runGit(context, args, { stdin: joinRecords(paths) });
  return done.ok ? checkNames(context, args, done.value) : done;
}

const updateArguments = (flags: readonly string[]) => ['update-index', ...flags, '-z', '--stdin'];

/** Some names git does not take into an index, and does not call that an error. */
function checkNames(
  context: GitContext,
  args: readonly string[],
  answer: GitAnswer,
): Outcome<null> {
  const ignored = /^Ignoring path /m.test(answer.stderr);
  return ignored ? gitFailed(context, args, answer) : ok(null);
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
