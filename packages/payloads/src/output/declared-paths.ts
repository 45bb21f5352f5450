import { fail, ok, quoteText, type Outcome, type PayloadManifest } from '@pikaci/model';
import { resolveInside } from './resolve-inside.js';

/**
 * Checks that everything a manifest names is there, and that no link on the way to a mount's source leaves the payload:
 * the host follows those. All other links are data, also on the way to entry points and asset roots: the guest follows
 * them. The manifest has passed the lexical checks.
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
  for (const { what, name, relativePath } of named) {
    const problem = await pathProblem(root, relativePath, what);
    if (problem === null) continue;
    return fail(
      'payload',
      `The manifest of payload "${payloadId}" is refused: the relative_path ${quoteText(relativePath)} of ${what} ${quoteText(name)} ${problem}`,
      { hint: 'Correct the path, or the build that should have made it.' },
    );
  }
  return ok(undefined);
}

async function pathProblem(
  root: string,
  relativePath: string,
  what: string,
): Promise<string | null> {
  const found = await resolveInside(root, relativePath);
  switch (found.kind) {
    case 'inside':
      return null;
    case 'outside':
      if (what !== 'mount') return null;
      return `leaves the payload through a link: ${quoteText(found.link)} leads to ${quoteText(found.target)}`;
    case 'missing':
      return 'does not exist in the payload';
    case 'loop':
      return 'is a loop of links';
  }
}
