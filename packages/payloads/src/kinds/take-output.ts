import { fail, ok, type Outcome } from '@pikaci/model';
import { isWithin, relativePathProblem } from '@pikaci/paths';
import { chmod, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildPlace } from '../payload-kind.js';

/**
 * Moves what the configuration names as the output to where the payload is expected. Without a name the build has put
 * it there itself.
 */
export async function takeOutput(
  payloadId: string,
  output: string | undefined,
  place: BuildPlace,
): Promise<Outcome<void>> {
  if (output === undefined) return checkNotEmpty(payloadId, place.outputDir);
  const problem = relativePathProblem(output);
  if (problem !== null) {
    return fail('payload', `The output "${output}" of payload "${payloadId}" ${problem}`, {
      hint: 'Name a directory of the build, such as "dist".',
    });
  }
  const source = await realpath(join(place.workDir, output)).catch(() => null);
  if (source === null) {
    return fail('payload', `The build of payload "${payloadId}" left no output "${output}"`, {
      hint: 'Correct `output`, or the command that should write it.',
    });
  }
  if (!isWithin(await realpath(place.workDir), source)) {
    return fail(
      'payload',
      `The output "${output}" of payload "${payloadId}" is a link that leads out`,
      {
        reason: `it leads to ${source}`,
        hint: 'Let the build copy what it needs.',
      },
    );
  }
  const found = await stat(source);
  if (!found.isDirectory()) {
    return fail('payload', `The output "${output}" of payload "${payloadId}" is not a directory`, {
      hint: 'A payload is a directory: name the one that holds the file.',
    });
  }
  await chmod(source, found.mode | 0o700);
  await rm(place.outputDir, { recursive: true });
  await rename(source, place.outputDir);
  return ok(undefined);
}

async function checkNotEmpty(payloadId: string, outputDir: string): Promise<Outcome<void>> {
  const names = await readdir(outputDir).catch(() => null);
  if (names !== null && names.length > 0) return ok(undefined);
  return fail('payload', `The build of payload "${payloadId}" left nothing in PIKACI_OUTPUT`, {
    hint: 'Let it write into the directory that PIKACI_OUTPUT names, or name its output with `output`.',
  });
}
