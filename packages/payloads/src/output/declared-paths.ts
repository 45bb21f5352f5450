import { fail, ok, type Outcome, type PayloadManifest } from '@pikaci/model';
import { isWithin } from '@pikaci/paths';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Checks that everything a manifest names is there, and inside the payload when all links are resolved. The manifest
 * has passed the lexical checks. Links elsewhere in the payload are data and not looked at.
 */
export async function checkDeclaredPaths(
  payloadId: string,
  root: string,
  manifest: PayloadManifest,
): Promise<Outcome<void>> {
  const named = [
    ...manifest.mounts.map((entry) => ({ what: 'mount', ...entry })),
    ...manifest.entrypoints.map((entry) => ({ what: 'entrypoint', ...entry })),
    ...manifest.assetRoots.map((entry) => ({ what: 'asset root', ...entry })),
  ];
  const canonicalRoot = await realpath(root);
  for (const { what, name, relativePath } of named) {
    const problem = await pathProblem(canonicalRoot, relativePath);
    if (problem === null) continue;
    return fail(
      'payload',
      `The manifest of payload "${payloadId}" is refused: the relative_path "${relativePath}" of ${what} "${name}" ${problem}`,
      { hint: 'Correct the path, or the build that should have made it.' },
    );
  }
  return ok(undefined);
}

async function pathProblem(root: string, relativePath: string): Promise<string | null> {
  try {
    const target = await realpath(join(root, relativePath));
    return isWithin(root, target) ? null : `leaves the payload through a link: it is ${target}`;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist in the payload';
    if (code === 'ELOOP') return 'is a loop of links';
    throw error;
  }
}
