import { ok, type Outcome } from '@pikaci/model';
import { resolve } from 'node:path';
import { askGit, gitFailed, runGit, type GitContext } from './git.js';

/** A directory that belongs to a repository; it may lie below the root of the repository's work tree. */
export interface GitPlace {
  readonly gitDir: string;
  /** The directory relative to the root of the work tree: empty, or with a slash at the end. */
  readonly prefix: string;
  readonly objectsDir: string;
  readonly indexFile: string;
  /** Null before the first commit. */
  readonly head: string | null;
}

/** How a directory is under git; null when it is not, or when the repository around it ignores it altogether. */
export async function findGitPlace(context: GitContext): Promise<Outcome<GitPlace | null>> {
  const question = ['rev-parse', '--is-inside-work-tree'];
  const inside = await askGit(context, question);
  if (!inside.ok) return inside;
  if (inside.value.exitCode !== 0) {
    // "(or any of the parent directories)", "(or any parent up to mount point …)"; other texts tell of broken ones.
    const none = inside.value.stderr.includes('not a git repository (or any ');
    return none ? ok(null) : gitFailed(context, question, inside.value);
  }
  if (inside.value.text !== 'true') return ok(null);
  const place = await readPlace(context);
  if (!place.ok || place.value.prefix === '') return place;
  const ignored = await isIgnored(context);
  if (!ignored.ok) return ignored;
  return ok(ignored.value ? null : place.value);
}

async function readPlace(context: GitContext): Promise<Outcome<GitPlace>> {
  // One call for each path: paths may hold line ends, so lines of a common answer could not be told apart.
  const [gitDir, prefix, objects, index, head] = await Promise.all([
    runGit(context, ['rev-parse', '--absolute-git-dir']),
    runGit(context, ['rev-parse', '--show-prefix']),
    runGit(context, ['rev-parse', '--git-path', 'objects']),
    runGit(context, ['rev-parse', '--git-path', 'index']),
    askGit(context, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']),
  ]);
  if (!gitDir.ok) return gitDir;
  if (!prefix.ok) return prefix;
  if (!objects.ok) return objects;
  if (!index.ok) return index;
  if (!head.ok) return head;
  return ok({
    gitDir: gitDir.value.text,
    prefix: prefix.value.text,
    objectsDir: resolve(context.cwd, objects.value.text),
    indexFile: resolve(context.cwd, index.value.text),
    head: head.value.exitCode === 0 ? head.value.text : null,
  });
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
