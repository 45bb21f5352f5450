import { removeTree } from '@pikaci/host';
import { fail, ok, type Outcome } from '@pikaci/model';
import { isWithin, relativePathProblem } from '@pikaci/paths';
import { chmod, lstat, readdir, realpath, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildPlace } from '../payload-kind.js';

/**
 * Moves what the configuration names as the output to where the payload is expected. Without a name the build has put
 * it there itself. The place's paths are canonical: a build may have replaced anything by a link to elsewhere.
 */
export async function takeOutput(
  payloadId: string,
  output: string | undefined,
  place: Pick<BuildPlace, 'workDir' | 'outputDir' | 'log'>,
): Promise<Outcome<void>> {
  if (output === undefined) return checkNotEmpty(payloadId, place.outputDir);
  const source = await findOutput(payloadId, output, place.workDir);
  if (!source.ok) return source;
  if ((await namesIn(place.outputDir)).length > 0) {
    place.log.line(
      `what the build put into PIKACI_OUTPUT is left aside: the output of payload "${payloadId}" is "${output}"`,
    );
  }
  const cleared = await removeTree(place.outputDir);
  if (!cleared.ok) return cleared;
  // Who moves a directory has to be allowed to write to it.
  await chmod(source.value, ((await stat(source.value)).mode & 0o7777) | 0o700);
  await rename(source.value, place.outputDir);
  return ok(undefined);
}

/** The directory that is the output: canonical, and in the build's own. */
async function findOutput(
  payloadId: string,
  output: string,
  workDir: string,
): Promise<Outcome<string>> {
  const problem = relativePathProblem(output);
  if (problem !== null) {
    return fail('payload', `The output "${output}" of payload "${payloadId}" ${problem}`, {
      hint: 'Name a directory of the build, such as "dist".',
    });
  }
  const source = await realpath(join(workDir, output)).catch(() => null);
  if (source === null) {
    return fail('payload', `The build of payload "${payloadId}" left no output "${output}"`, {
      hint: 'Correct `output`, or the command that should write it.',
    });
  }
  if (!(await isOwnDirectory(workDir)) || !isWithin(workDir, source)) {
    const message = `The output "${output}" of payload "${payloadId}" is a link that leads out`;
    return fail('payload', message, {
      reason: `it leads to ${source}`,
      hint: 'Let the build copy what it needs.',
    });
  }
  if ((await stat(source)).isDirectory()) return ok(source);
  return fail('payload', `The output "${output}" of payload "${payloadId}" is not a directory`, {
    hint: 'A payload is a directory: name the one that holds the file.',
  });
}

async function checkNotEmpty(payloadId: string, outputDir: string): Promise<Outcome<void>> {
  if (!(await isOwnDirectory(outputDir))) {
    const message = `The build of payload "${payloadId}" replaced the directory that PIKACI_OUTPUT names`;
    return fail('payload', message, {
      hint: 'Let it write into that directory, and leave it there.',
    });
  }
  if ((await namesIn(outputDir)).length > 0) return ok(undefined);
  return fail('payload', `The build of payload "${payloadId}" left nothing in PIKACI_OUTPUT`, {
    hint: 'Let it write into the directory that PIKACI_OUTPUT names, or name its output with `output`.',
  });
}

/** Whether a canonical path still leads to a directory, and through no link. */
async function isOwnDirectory(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isDirectory() === true && (await realpath(path)) === path;
}

/** The names in a directory, also in one that its owner has closed; none when there is no such directory. */
async function namesIn(path: string): Promise<readonly string[]> {
  const found = await lstat(path).catch(() => null);
  if (found?.isDirectory() !== true) return [];
  if ((found.mode & 0o700) !== 0o700) await chmod(path, 0o755);
  return readdir(path);
}
