import { fail, ok, type Outcome } from '@pikaci/model';
import { askGit, gitFailed, runGit, type GitContext } from './git.js';
import { joinRecords, parseFlagged, parseStaged, splitRecords } from './index-entries.js';

/** What of a directory counts. */
export interface TreeScope {
  /** Paths relative to the directory that do not count, with all below them. */
  readonly excluded: readonly string[];
  /** Takes ignored files too. */
  readonly everything: boolean;
}

/**
 * Brings the private index up to date with the files below the context's directory, and returns the paths of
 * repositories inside it.
 */
export async function indexWorkTree(
  context: GitContext,
  scope: TreeScope,
): Promise<Outcome<readonly string[]>> {
  const prepared = await forgetFlagsAndExcluded(context, scope);
  if (!prepared.ok) return prepared;
  const added = await addFiles(context, scope);
  if (!added.ok) return added;
  return settleEntries(context);
}

/** The id of the tree of the directory with this prefix in the private index. */
export async function writeTree(context: GitContext, prefix: string): Promise<Outcome<string>> {
  if (prefix === '') {
    const tree = await runGit(context, ['write-tree']);
    return tree.ok ? ok(tree.value.text) : tree;
  }
  const question = ['write-tree', `--prefix=${prefix}`];
  const tree = await askGit(context, question);
  if (!tree.ok) return tree;
  if (tree.value.exitCode === 0) return ok(tree.value.text);
  if (!tree.value.stderr.includes(' not found')) return gitFailed(context, question, tree.value);
  const empty = await runGit(context, ['mktree', '-z'], Buffer.alloc(0));
  return empty.ok ? ok(empty.value.text) : empty;
}

/** True when the private index differs from the head commit in what counts. */
export async function diffFromHead(
  context: GitContext,
  scope: TreeScope,
): Promise<Outcome<boolean>> {
  const question = ['diff-index', '--cached', '--quiet', 'HEAD', '--', '.'];
  const diff = await askGit(context, [...question, ...scope.excluded.map(exclusion)]);
  if (!diff.ok) return diff;
  if (diff.value.exitCode > 1) return gitFailed(context, question, diff.value);
  return ok(diff.value.exitCode === 1);
}

/** Users may tell git not to look at a file, or not to check it out; a snapshot is of what is there all the same. */
async function forgetFlagsAndExcluded(
  context: GitContext,
  scope: TreeScope,
): Promise<Outcome<null>> {
  const listed = await runGit(context, ['ls-files', '-v', '-z', '--', '.']);
  if (!listed.ok) return listed;
  const entries = parseFlagged(listed.value.stdout);
  const changes: readonly [string, readonly Buffer[]][] = [
    ['--no-assume-unchanged', pathsOf(entries.filter((entry) => entry.assumedUnchanged))],
    ['--no-skip-worktree', pathsOf(entries.filter((entry) => entry.skipped))],
    ['--force-remove', pathsOf(entries).filter((path) => isExcluded(path, scope))],
  ];
  for (const [flag, paths] of changes) {
    const changed = await updateIndex(context, flag, paths);
    if (!changed.ok) return changed;
  }
  return ok(null);
}

function pathsOf(entries: readonly { readonly path: Buffer }[]): Buffer[] {
  return entries.map(({ path }) => path);
}

function isExcluded(path: Buffer, scope: TreeScope): boolean {
  const text = path.toString('utf8');
  return scope.excluded.some((entry) => text === entry || text.startsWith(`${entry}/`));
}

async function updateIndex(
  context: GitContext,
  flag: string,
  paths: readonly Buffer[],
): Promise<Outcome<null>> {
  if (paths.length === 0) return ok(null);
  const args = ['update-index', flag, '-z', '--stdin'];
  const done = await runGit(context, args, joinRecords(paths));
  return done.ok ? ok(null) : done;
}

async function addFiles(context: GitContext, scope: TreeScope): Promise<Outcome<null>> {
  const exclusions = await neededExclusions(context, scope);
  if (!exclusions.ok) return exclusions;
  const args = ['add', '--all', ...(scope.everything ? ['--force'] : []), '--', '.'];
  const added = await runGit(context, [...args, ...exclusions.value]);
  if (!added.ok) return added;
  const unreadable = /^warning: could not open directory .*$/m.exec(added.value.stderr);
  if (unreadable === null) return ok(null);
  return fail('snapshot', `A directory of the workspace ${context.cwd} cannot be read`, {
    reason: unreadable[0].replace('warning: ', ''),
    hint: 'Make it readable, or list it in .gitignore if no job needs it.',
  });
}

/** git add complains about exclusions of paths that are ignored anyway, so those are not named. */
async function neededExclusions(
  context: GitContext,
  scope: TreeScope,
): Promise<Outcome<readonly string[]>> {
  if (scope.everything || scope.excluded.length === 0) return ok(scope.excluded.map(exclusion));
  const question = ['check-ignore', '-z', '--stdin'];
  const paths = joinRecords(scope.excluded.map((path) => Buffer.from(path)));
  const ignored = await askGit(context, question, paths);
  if (!ignored.ok) return ignored;
  if (ignored.value.exitCode > 1) return gitFailed(context, question, ignored.value);
  const names = new Set(splitRecords(ignored.value.stdout).map((path) => path.toString('utf8')));
  return ok(scope.excluded.filter((path) => !names.has(path)).map(exclusion));
}

const exclusion = (path: string) => `:(exclude,literal)${path}`;

/** Drops what an unfinished merge left outside the directory: with it in the index, git writes no tree at all. */
async function settleEntries(context: GitContext): Promise<Outcome<readonly string[]>> {
  const listed = await runGit(context, ['ls-files', '--stage', '-z', '--', ':/']);
  if (!listed.ok) return listed;
  const entries = parseStaged(listed.value.stdout);
  const unmerged = pathsOf(entries.filter((entry) => entry.isUnmerged));
  const dropped = await updateIndex(context, '--force-remove', unmerged);
  if (!dropped.ok) return dropped;
  return nestedPaths(
    pathsOf(entries.filter((entry) => entry.isRepository && !entry.path.subarray(0, 3).equals(up))),
  );
}

const up = Buffer.from('../');

function nestedPaths(paths: readonly Buffer[]): Outcome<readonly string[]> {
  const names = paths.map((path) => path.toString('utf8'));
  const odd = names.find((name) => name.includes('\uFFFD'));
  if (odd === undefined) return ok(names);
  return fail('snapshot', `The name of the repository ${odd} in the workspace is no UTF-8`, {
    hint: 'Rename the directory, or list it in .gitignore.',
  });
}
