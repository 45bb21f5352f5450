import { fail, ok, type Outcome } from '@pikaci/model';
import { relativePathProblem } from '@pikaci/paths';
import picomatch from 'picomatch';
import { listSnapshotFiles, type SnapshotFile } from './snapshot-files.js';

/**
 * The files and links of a snapshot that input globs match, in the order of their bytes. A glob that begins with `!`
 * takes files away. Names with a leading dot match where the glob has the dot. Links are not followed.
 */
export async function findInputFiles(
  snapshotDir: string,
  globs: readonly string[],
  payloadId: string,
): Promise<Outcome<readonly SnapshotFile[]>> {
  if (globs.length === 0) return ok([]);
  const files = (await listSnapshotFiles(snapshotDir)).map((file) => {
    return { file, path: file.relativePath.toString('utf8') };
  });
  const found = new Set<SnapshotFile>();
  for (const glob of globs.filter((candidate) => !isExclusion(candidate))) {
    const problem = relativePathProblem(glob);
    if (problem !== null) return badGlob(payloadId, glob, problem);
    const matches = globMatcher(glob);
    const matched = files.filter(({ path }) => path === glob || matches(path));
    if (matched.length === 0) return nothingMatches(files, payloadId, glob);
    for (const { file } of matched) found.add(file);
  }
  const excludes = globs.filter(isExclusion).map((glob) => globMatcher(glob.slice(1)));
  return ok(
    files
      .filter(({ file, path }) => found.has(file) && !excludes.some((matches) => matches(path)))
      .map(({ file }) => file),
  );
}

/** `s`: a name may hold a line end, which `.` would not match. */
const globMatcher = (glob: string) => picomatch(glob, { flags: 's' });

const isExclusion = (glob: string) => glob.startsWith('!') && !glob.startsWith('!(');

function badGlob(payloadId: string, glob: string, problem: string): ReturnType<typeof fail> {
  return fail('payload', `The input "${glob}" of payload "${payloadId}" ${problem}`, {
    hint: 'Inputs are globs relative to the workspace root, such as "src/**".',
  });
}

function nothingMatches(
  files: readonly { readonly path: string }[],
  payloadId: string,
  glob: string,
): ReturnType<typeof fail> {
  const isDirectory = files.some(({ path }) => path.startsWith(`${glob}/`));
  return fail('payload', `The input "${glob}" of payload "${payloadId}" matches no file`, {
    reason: isDirectory ? 'it is a directory' : 'the snapshot has no such file',
    hint: isDirectory
      ? `Write "${glob}/**" for all files below it.`
      : 'Correct the glob, or check that the file is not ignored by git: ignored files are in no snapshot.',
  });
}
