import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Outcome } from '@pikaci/model';
import { listWithGit, type GitPlace } from './git-call.js';

/**
 * Replaces each path with a slash at its end, a repository inside the repository, by its own path and all files in it:
 * git tells that something changed there, and not what.
 */
export async function withFilesOfRepositories(
  place: GitPlace,
  paths: readonly string[],
): Promise<Outcome<readonly string[]>> {
  const files: string[] = [];
  for (const path of paths) {
    const listed = path.endsWith('/') ? await repositoryFiles(place, path) : ok([path]);
    if (!listed.ok) return listed;
    for (const file of listed.value) files.push(file);
  }
  return ok(files);
}

async function repositoryFiles(place: GitPlace, path: string): Promise<Outcome<readonly string[]>> {
  const name = path.slice(0, -1);
  const cwd = join(place.cwd, name);
  // A submodule that is deleted or not checked out has no files; git would answer for the repository around it.
  const isCheckedOut = await stat(join(cwd, '.git')).then(
    () => true,
    () => false,
  );
  if (!isCheckedOut) return ok([name]);
  const inside = { ...place, cwd };
  const listed = await listWithGit(inside, ['ls-files', '-z', '--stage', '--']);
  if (!listed.ok) return listed;
  const untracked = await listWithGit(inside, ['ls-files', '-z', '--others', '--exclude-standard']);
  if (!untracked.ok) return untracked;
  const below = await withFilesOfRepositories(inside, [
    ...listed.value.map(stagedPath),
    ...untracked.value,
  ]);
  return below.ok ? ok([name, ...below.value.map((file) => `${path}${file}`)]) : below;
}

/** The path of `<mode> <object> <stage><tab><path>`, with a slash for a repository. */
function stagedPath(entry: string): string {
  const path = entry.slice(entry.indexOf('\t') + 1);
  return entry.startsWith('160000 ') ? `${path}/` : path;
}
