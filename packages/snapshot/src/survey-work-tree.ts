import { fail, ok, type Outcome } from '@pikaci/model';
import { askGit, gitFailed, runGit, type GitAnswer, type GitContext } from './git.js';
import { splitRecords } from './index-entries.js';
import { indexKey, type IndexMemo, type PlainIndex } from './index-memo.js';
import {
  isPlain,
  plainEntries,
  trackedEntriesReader,
  type TrackedEntries,
} from './tracked-entries.js';
import { behindLinkTest } from './behind-link.js';
import { exclusionTest, type TreeScope } from './tree-scope.js';
import type { TreeBase } from './workspace-place.js';

/** What there is in a work tree beside what the head commit says. Nothing of it has been read but what may differ. */
export interface Survey {
  readonly tracked: TrackedEntries;
  /** Files that git does not track and does not ignore; a repository has a slash at its end. */
  readonly untracked: readonly Buffer[];
  /** The same of files that git ignores, but configuration includes. */
  readonly included: readonly Buffer[];
  /** Sides of a merge that was not finished, in other directories of the repository. */
  readonly unmergedElsewhere: readonly Buffer[];
  /** Whether the index differs from the head commit. */
  readonly isStaged: boolean;
}

/**
 * Compares index, work tree and head commit, each pair in a process of its own: that takes as long as the slowest of
 * them, about as long as `git status`, which does one after the other; less when the memo knows the index.
 */
export async function surveyWorkTree(
  context: GitContext,
  base: TreeBase,
  scope: TreeScope,
  memo: IndexMemo | null,
): Promise<Outcome<Survey>> {
  const key = memo === null ? null : indexKey(base, scope);
  const known = key === null ? null : await memo?.recall(key);
  const [index, untracked, included] = await Promise.all([
    surveyIndex(context, base, scope, known ?? null),
    listUntracked(context, base, scope),
    listIncluded(context, scope),
  ]);
  if (!index.ok) return index;
  if (!untracked.ok) return untracked;
  if (!included.ok) return included;
  const { tracked, unmergedElsewhere, isStaged } = index.value;
  if (key !== null && unmergedElsewhere.length === 0 && isPlain(tracked)) {
    memo?.note(key, { isStaged });
  }
  return ok({ ...index.value, untracked: untracked.value, included: included.value });
}

/** What a survey has of the index. */
type IndexSurvey = Pick<Survey, 'tracked' | 'unmergedElsewhere' | 'isStaged'>;

async function surveyIndex(
  context: GitContext,
  base: TreeBase,
  scope: TreeScope,
  known: PlainIndex | null,
): Promise<Outcome<IndexSurvey>> {
  if (known !== null) {
    const plain = await surveyPlainIndex(context, known);
    if (!plain.ok) return plain;
    if (plain.value !== null) return ok(plain.value);
  }
  const [tracked, unmerged, staged] = await Promise.all([
    listTracked(context, scope),
    base.prefix === '' ? nothing : listRecords(context, ['ls-files', '-u', '-z', '--', ':/']),
    askStaged(context, base),
  ]);
  if (!tracked.ok) return tracked;
  if (!unmerged.ok) return unmerged;
  if (!staged.ok) return staged;
  return ok({
    tracked: tracked.value,
    unmergedElsewhere: unmerged.value.map(pathOfStage).filter(isAbove),
    isStaged: staged.value,
  });
}

/**
 * The same of an index that is known to be plain. Files whose times alone have changed are among those that it takes for
 * modified: a look at the content will tell. Null when a directory with tracked files became a link, behind which this
 * question sees nothing, and the other one does.
 */
async function surveyPlainIndex(
  context: GitContext,
  { isStaged }: PlainIndex,
): Promise<Outcome<IndexSurvey | null>> {
  const question = ['diff-files', '--relative', '--name-only', '--no-renames', '--no-ext-diff'];
  const modified = await listRecords(context, [...question, '-z', '--', '.']);
  if (!modified.ok) return modified;
  if (modified.value.some(behindLinkTest(context.cwd))) return ok(null);
  return ok({ tracked: plainEntries(modified.value), unmergedElsewhere: [], isStaged });
}

const nothing = ok<readonly Buffer[]>([]);

/** What the index has, and how the work tree differs from it. */
export async function listTracked(
  context: GitContext,
  scope: TreeScope,
): Promise<Outcome<TrackedEntries>> {
  const reader = trackedEntriesReader(exclusionTest(scope));
  const args = ['ls-files', '-c', '-m', '-v', '-s', '-z', '--', '.'];
  const listed = await runGit(context, args, { onStdout: reader.add });
  if (!listed.ok) return listed;
  const entries = reader.end();
  return entries === null ? gitFailed(context, args, listed.value) : ok(entries);
}

/** Ignore rules keep git from walking through what does not count: a state root may hold any number of files. */
async function listUntracked(
  context: GitContext,
  { prefix }: TreeBase,
  scope: TreeScope,
): Promise<Outcome<readonly Buffer[]>> {
  const ignored = scope.excluded.map((path) => `--exclude=/${escapeGlob(`${prefix}${path}`)}`);
  const standard = scope.everything ? [] : ['--exclude-standard'];
  return listFiles(context, scope, ['ls-files', '-o', '-z', ...standard, ...ignored]);
}

async function listIncluded(
  context: GitContext,
  scope: TreeScope,
): Promise<Outcome<readonly Buffer[]>> {
  const { includes, includeBases } = scope.rules;
  if (scope.everything || includeBases.length === 0) return nothing;
  const where = includeBases.includes('') ? ['.'] : includeBases.map((path) => `:(literal)${path}`);
  const args = ['ls-files', '-o', '-i', '-z', '--exclude-standard', '--', ...where];
  const listed = await listFiles(context, scope, args);
  if (!listed.ok) return listed;
  return ok(listed.value.filter((path) => isRepository(path) || includes(path.toString())));
}

async function listFiles(
  context: GitContext,
  scope: TreeScope,
  args: readonly string[],
): Promise<Outcome<readonly Buffer[]>> {
  const listed = await runGit(context, args);
  if (!listed.ok) return listed;
  const readable = checkReadable(context, listed.value);
  if (!readable.ok) return readable;
  const isExcluded = exclusionTest(scope);
  const counts = (path: Buffer) => isRepository(path) || !isExcluded(path);
  return ok(splitRecords(listed.value.stdout).filter(counts));
}

function checkReadable(context: GitContext, answer: GitAnswer): Outcome<null> {
  const unreadable = /^warning: could not open directory .*$/m.exec(answer.stderr);
  if (unreadable === null) return ok(null);
  return fail('snapshot', `A directory of the workspace ${context.cwd} cannot be read`, {
    reason: unreadable[0].replace('warning: ', ''),
    hint: 'Make it readable, or list it in .gitignore if no job needs it.',
  });
}

async function askStaged(context: GitContext, { head }: TreeBase): Promise<Outcome<boolean>> {
  if (head === null) return ok(true);
  const question = ['diff-index', '--cached', '--quiet', head, '--', '.'];
  const diff = await askGit(context, question);
  if (!diff.ok) return diff;
  if (diff.value.exitCode > 1) return gitFailed(context, question, diff.value);
  return ok(diff.value.exitCode === 1);
}

async function listRecords(
  context: GitContext,
  args: readonly string[],
): Promise<Outcome<readonly Buffer[]>> {
  const listed = await runGit(context, args);
  return listed.ok ? ok(splitRecords(listed.value.stdout)) : listed;
}

/** True for a path that git prints for a repository that it does not track. */
export function isRepository(path: Buffer): boolean {
  return path.at(-1) === slash;
}

const slash = 0x2f;
const up = Buffer.from('../');

function isAbove(path: Buffer): boolean {
  return path.subarray(0, up.length).equals(up);
}

/** Of mode, object, stage, a tab, the path. */
function pathOfStage(record: Buffer): Buffer {
  return record.subarray(record.indexOf('\t') + 1);
}

/** A path as an ignore rule that means it alone. */
function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\] ]/g, '\\$&');
}
