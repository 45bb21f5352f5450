import { fail, ok, snapshotMarkerName, type Outcome } from '@pikaci/model';
import { relativePathProblem } from '@pikaci/paths';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { sortByPath, walkTree, type TreeEntry } from '../tree-walk.js';

/**
 * The files and links of a snapshot that input globs match, in the order of their bytes. A glob that begins with `!`
 * takes files away. Names with a leading dot match where the glob has the dot. Links are not followed.
 */
export async function findInputFiles(
  snapshotDir: string,
  globs: readonly string[],
  payloadId: string,
): Promise<Outcome<readonly TreeEntry[]>> {
  const excludes = globs.filter(isExclusion).map((glob) => picomatch(glob.slice(1)));
  const found = new Map<string, TreeEntry>();
  for (const glob of globs.filter((candidate) => !isExclusion(candidate))) {
    const problem = relativePathProblem(glob);
    if (problem !== null) return badGlob(payloadId, glob, problem);
    const matches = await matchGlob(snapshotDir, glob);
    if (matches.length === 0) return nothingMatches(snapshotDir, payloadId, glob);
    for (const entry of matches) found.set(entry.relativePath.toString('latin1'), entry);
  }
  const kept = [...found.values()].filter(
    (entry) => !excludes.some((matches) => matches(entry.relativePath.toString('utf8'))),
  );
  return ok(sortByPath(kept));
}

const isExclusion = (glob: string) => glob.startsWith('!') && !glob.startsWith('!(');

async function matchGlob(snapshotDir: string, glob: string): Promise<TreeEntry[]> {
  const { base, pattern } = splitGlob(glob);
  if (!(await isRealPath(snapshotDir, base))) return [];
  const walked = await walkTree(join(snapshotDir, ...base), depthOf(pattern));
  const prefix = Buffer.from(base.join('/'));
  const matches = picomatch(glob);
  return walked
    .map((entry) => ({ ...entry, relativePath: below(prefix, entry.relativePath) }))
    .filter((entry) => !entry.stats.isDirectory())
    .filter((entry) => {
      const path = entry.relativePath.toString('utf8');
      // The marker is no part of the content: it says when the snapshot was made.
      return path !== snapshotMarkerName && (path === glob || matches(path));
    });
}

/** The segments that are plain names, and the rest: only what is below the former has to be walked. */
function splitGlob(glob: string): { base: readonly string[]; pattern: readonly string[] } {
  const segments = glob.split('/');
  const first = segments.findIndex((segment) => /[*?[\]{}()!+@|\\]/.test(segment));
  const end = first === -1 ? segments.length : first;
  return { base: segments.slice(0, end), pattern: segments.slice(end) };
}

function below(prefix: Buffer, path: Buffer): Buffer {
  if (prefix.length === 0) return path;
  return path.length === 0 ? prefix : Buffer.concat([prefix, Buffer.from('/'), path]);
}

/** A glob without `**` cannot match deeper than it has segments; braces and groups may hold slashes. */
function depthOf(pattern: readonly string[]): number {
  return pattern.some((segment) => /\*\*|[{(]/.test(segment)) ? Infinity : pattern.length;
}

/** True when the path exists and no directory on the way to it is a link, which might lead out of the snapshot. */
async function isRealPath(root: string, segments: readonly string[]): Promise<boolean> {
  let path = root;
  for (const [index, segment] of segments.entries()) {
    path = join(path, segment);
    const found = await lstat(path).catch(() => null);
    if (found === null) return false;
    if (index < segments.length - 1 && !found.isDirectory()) return false;
  }
  return true;
}

function badGlob(payloadId: string, glob: string, problem: string): ReturnType<typeof fail> {
  return fail('payload', `The input "${glob}" of payload "${payloadId}" ${problem}`, {
    hint: 'Inputs are globs relative to the workspace root, such as "src/**".',
  });
}

async function nothingMatches(
  snapshotDir: string,
  payloadId: string,
  glob: string,
): Promise<ReturnType<typeof fail>> {
  const found = await lstat(join(snapshotDir, glob)).catch(() => null);
  return fail('payload', `The input "${glob}" of payload "${payloadId}" matches no file`, {
    reason: found?.isDirectory() === true ? 'it is a directory' : 'the snapshot has no such file',
    hint:
      found?.isDirectory() === true
        ? `Write "${glob}/**" for all files below it.`
        : 'Correct the glob, or check that the file is not ignored by git: ignored files are in no snapshot.',
  });
}
