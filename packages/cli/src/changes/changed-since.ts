import { isAbsolute, relative } from 'node:path';
import { fail, ok, type Outcome } from '@pikaci/model';
import { knownChanges, type Changes } from './changes.js';
import { askGit, listWithGit, type GitPlace } from './git-call.js';
import { withIndexCopy } from './index-copy.js';
import { withFilesOfRepositories } from './nested-repository-files.js';

/** Which workspace to look at. */
export interface ChangedWorkspace {
  /** Absolute; may lie below the root of its repository. */
  readonly workspaceRoot: string;
  /** Absolute. What lies there is not part of the workspace. */
  readonly stateRoot: string;
  readonly env: GitPlace['env'];
}

/** A commit's full name. */
const objectName = /^[0-9a-f]{40,64}$/u;

/**
 * The files of a workspace that differ from the commit where `revision` and HEAD parted: committed, uncommitted,
 * deleted (a renamed file has two names) and untracked ones. What git ignores is not looked at. A revision that names
 * no commit is a failure; histories that have nothing in common tell nothing.
 */
export async function changedSince(
  workspace: ChangedWorkspace,
  revision: string,
): Promise<Outcome<Changes>> {
  const commit = await findCommit(placeOf(workspace), revision);
  if (!commit.ok) return commit;
  if (commit.value.kind === 'none') return unknownRevision(revision, commit.value.reason);
  return changedSinceCommit(workspace, revision, commit.value.name);
}

/** The same for a revision of which it is known what commit it names. */
export async function changedSinceCommit(
  workspace: ChangedWorkspace,
  revision: string,
  commit: string,
): Promise<Outcome<Changes>> {
  const place = placeOf(workspace);
  const isIgnored = await isUnknownToGit(place);
  if (!isIgnored.ok) return isIgnored;
  if (isIgnored.value) return ok({ kind: 'unknown', why: 'git ignores the workspace' });
  const parted = await partingPoint(place, commit);
  if (!parted.ok) return parted;
  if (parted.value === null) {
    return ok({ kind: 'unknown', why: `${revision} and HEAD have no common ancestor here` });
  }
  return listChanges(place, parted.value, pathspec(workspace));
}

function placeOf({ workspaceRoot, env }: ChangedWorkspace): GitPlace {
  return { cwd: workspaceRoot, env };
}

/** The commit where another one and HEAD parted; null when they have nothing in common, as far as the clone reaches. */
export async function partingPoint(
  place: GitPlace,
  commit: string,
): Promise<Outcome<string | null>> {
  const parted = await askGit(place, ['merge-base', commit, 'HEAD']);
  if (!parted.ok) return parted;
  return ok(parted.value.exitCode === 0 ? parted.value.stdout.trim() : null);
}

/** What a revision names. */
export type FoundCommit =
  | { readonly kind: 'commit'; readonly name: string }
  /** No commit; the reason is git's, maybe empty. */
  | { readonly kind: 'none'; readonly reason: string };

/** Looks a revision up. */
export async function findCommit(place: GitPlace, revision: string): Promise<Outcome<FoundCommit>> {
  // No revision begins with a dash, and git would take it for an option.
  if (revision === '' || revision.startsWith('-')) return ok({ kind: 'none', reason: '' });
  const answer = await askGit(place, ['rev-parse', '--verify', `${revision}^{commit}`]);
  if (!answer.ok) return answer;
  const name = answer.value.stdout.trim();
  if (answer.value.exitCode === 0 && objectName.test(name)) return ok({ kind: 'commit', name });
  return ok({ kind: 'none', reason: answer.value.stderr });
}

function unknownRevision(revision: string, reason: string): Outcome<never> {
  return fail('selection', `The revision "${revision}" of --changed-since names no commit`, {
    ...(reason === '' ? {} : { reason }),
    hint: hintFor(revision, reason),
  });
}

function hintFor(revision: string, reason: string): string {
  // HEAD is there in every repository, but for one without commits.
  if (revision === 'HEAD' && reason.includes('Needed a single revision')) {
    return 'The repository has no commit yet: commit something, or run everything with --all.';
  }
  return repositoryHint(reason) ?? generalHint;
}

const generalHint =
  'Name a branch, tag or commit. If it is on a remote only, git fetch it first; --all runs everything.';

/** What to do when git does not look into the repository at all; null when the reason is another one. */
export function repositoryHint(reason: string): string | null {
  if (reason.includes('not a git repository')) {
    return 'Name the changed files with --changed-files, or run everything with --all.';
  }
  const directory = /dubious ownership in repository at '([^']*)'/u.exec(reason)?.[1];
  if (directory === undefined) return null;
  return `If you trust the repository: git config --global --add safe.directory ${directory}`;
}

/** True where the repository around the workspace ignores it: git would see no change, whatever changes. */
async function isUnknownToGit(place: GitPlace): Promise<Outcome<boolean>> {
  const ignored = await askGit(place, ['check-ignore', '--quiet', '--', '.']);
  if (!ignored.ok || ignored.value.exitCode !== 0) return ignored.ok ? ok(false) : ignored;
  const tracked = await listWithGit(place, ['ls-files', '-z', '--', '.']);
  return tracked.ok ? ok(tracked.value.length === 0) : tracked;
}

/** The workspace without pikaci's own files. */
function pathspec({ workspaceRoot, stateRoot }: ChangedWorkspace): readonly string[] {
  const state = relative(workspaceRoot, stateRoot);
  const isOutside = state === '' || state.split('/')[0] === '..' || isAbsolute(state);
  return ['--', '.', ...(isOutside ? [] : [`:(exclude,literal)${state}`])];
}

async function listChanges(
  place: GitPlace,
  since: string,
  within: readonly string[],
): Promise<Outcome<Changes>> {
  const raw = ['--raw', '-z', '--no-renames', '--relative', '--no-ext-diff', '--no-textconv'];
  const diff = ['diff', ...raw, '--ignore-submodules=none', since, ...within];
  const untracked = ['ls-files', '-z', '--others', '--exclude-standard', ...within];
  const [changed, added] = await Promise.all([
    withIndexCopy(place, (copied) => listWithGit(copied, diff)),
    listWithGit(place, untracked),
  ]);
  if (!changed.ok) return changed;
  if (!added.ok) return added;
  const paths = [...rawDiffPaths(changed.value), ...added.value];
  const files = await withFilesOfRepositories(place, paths);
  return files.ok ? ok(knownChanges(files.value)) : files;
}

/** The mode in which git tells of a repository inside another one. */
const repositoryMode = /^:(160000 |\d+ 160000 )/u;

/** The paths of a raw diff: modes and names of objects, then the path. Nested repositories get a slash, as in `ls-files`. */
function rawDiffPaths(entries: readonly string[]): readonly string[] {
  return entries.flatMap((entry, index) => {
    if (index % 2 === 1) return [];
    const path = entries[index + 1] ?? '';
    return [repositoryMode.test(entry) ? `${path}/` : path];
  });
}
