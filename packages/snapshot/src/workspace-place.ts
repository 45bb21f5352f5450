import { ok, type Outcome } from '@pikaci/model';
import { resolve } from 'node:path';
import { askGit, gitFailed, runGit, type GitAnswer, type GitContext } from './git.js';

/** What a directory's content is compared with. */
export interface TreeBase {
  /** The directory relative to the root of the work tree: empty, or with a slash at the end. */
  readonly prefix: string;
  /** Null before the first commit, and without git. */
  readonly head: string | null;
  /** The tree of the directory in the head commit; null when there is none. */
  readonly headTree: string | null;
  /** Tells the index from others, but for one that cannot be told; empty for an empty one. */
  readonly indexSum: string | null;
}

/** A directory that belongs to a repository; it may lie below the root of the repository's work tree. */
export interface GitPlace extends Omit<TreeBase, 'indexSum'> {
  readonly gitDir: string;
  readonly objectsDir: string;
  readonly indexFile: string;
}

/** How a directory is under git; null when it is not, or when the repository around it ignores it altogether. */
export async function findGitPlace(context: GitContext): Promise<Outcome<GitPlace | null>> {
  const place = await askPlace(context);
  if (!place.ok || place.value === null || place.value.prefix === '') return place;
  const ignored = await isIgnored(context);
  if (!ignored.ok) return ignored;
  return ok(ignored.value ? null : place.value);
}

const insideQuestion = '--is-inside-work-tree';
const pathQuestions = [
  ['--absolute-git-dir'],
  ['--show-prefix'],
  ['--git-path', 'objects'],
  ['--git-path', 'index'],
] as const;
const revisions = ['HEAD^{commit}', 'HEAD:./'] as const;

async function askPlace(context: GitContext): Promise<Outcome<GitPlace | null>> {
  // Asked once more behind the paths: the answer, which is known by then, tells where they end.
  const paths = [insideQuestion, ...pathQuestions.flat(), insideQuestion];
  const question = ['rev-parse', ...paths, ...revisions];
  const answer = await askGit(context, question);
  if (!answer.ok) return answer;
  const [inside, ...lines] = answer.value.stdout.toString('utf8').split('\n');
  if (inside === undefined || inside === '') return noPlace(context, question, answer.value);
  if (inside !== 'true') return ok(null);
  const [gitDir, prefix, objects, index, again, head = '', headTree = ''] = lines;
  if (gitDir === undefined || prefix === undefined || objects === undefined) {
    return gitFailed(context, question, answer.value);
  }
  // A path that holds a line end makes more lines, and paths can no longer be told apart.
  if (index === undefined || again !== inside) return askOneByOne(context);
  return ok(placeOf(context, [gitDir, prefix, objects, index], [head, headTree]));
}

function noPlace(
  context: GitContext,
  question: readonly string[],
  answer: GitAnswer,
): Outcome<GitPlace | null> {
  // "(or any of the parent directories)", "(or any parent up to mount point …)"; other texts tell of broken ones.
  const none = answer.stderr.includes('not a git repository (or any ');
  return none ? ok(null) : gitFailed(context, question, answer);
}

async function askOneByOne(context: GitContext): Promise<Outcome<GitPlace>> {
  const paths: string[] = [];
  for (const question of pathQuestions) {
    const path = await runGit(context, ['rev-parse', ...question]);
    if (!path.ok) return path;
    paths.push(path.value.text);
  }
  const ids: string[] = [];
  for (const revision of revisions) {
    const id = await askGit(context, ['rev-parse', '--verify', '--quiet', revision]);
    if (!id.ok) return id;
    ids.push(id.value.text);
  }
  return ok(placeOf(context, paths, ids));
}

/** Git repeats a revision that it does not find. */
const objectId = /^[0-9a-f]{40,64}$/;

function placeOf(
  { cwd }: GitContext,
  [gitDir = '', prefix = '', objects = '', index = '']: readonly string[],
  [head = '', headTree = '']: readonly string[],
): GitPlace {
  return {
    gitDir,
    prefix,
    objectsDir: resolve(cwd, objects),
    indexFile: resolve(cwd, index),
    head: objectId.test(head) ? head : null,
    headTree: objectId.test(headTree) ? headTree : null,
  };
}

async function isIgnored(context: GitContext): Promise<Outcome<boolean>> {
  const question = ['check-ignore', '--quiet', '--', '.'];
  const ignored = await askGit(context, question);
  if (!ignored.ok) return ignored;
  if (ignored.value.exitCode > 1) return gitFailed(context, question, ignored.value);
  if (ignored.value.exitCode === 1) return ok(false);
  const tracked = await runGit(context, ['ls-files', '-z', '--', '.']);
  return tracked.ok ? ok(tracked.value.stdout.length === 0) : tracked;
}
