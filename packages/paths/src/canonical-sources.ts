import { fail, ok, type Outcome } from '@pikaci/model';
import { isWithin } from './containment.js';
import type { JobMount } from './job-mounts.js';

/**
 * The mounts with canonical sources, each of which lies in its payload. The store has seen to that when the payload was
 * prepared; but a directory that is used where it is may have changed since, and a mount follows links.
 *
 * @param canonicalise resolves every symbolic link of a path, or fails
 */
export async function canonicalSources(
  mounts: readonly JobMount[],
  canonicalise: (path: string) => Promise<Outcome<string>>,
): Promise<Outcome<readonly JobMount[]>> {
  const canonical: JobMount[] = [];
  for (const mount of mounts) {
    const root = await canonicalise(mount.sourceRoot);
    if (!root.ok) return root;
    const source = await canonicalise(mount.source);
    if (!source.ok) return source;
    if (!isWithin(root.value, source.value)) return outside(mount, source.value);
    canonical.push({ ...mount, sourceRoot: root.value, source: source.value });
  }
  return ok(canonical);
}

function outside({ name, payloadId }: JobMount, source: string): Outcome<never> {
  return fail('payload', `Mount "${name}" of payload "${payloadId}" now leads out of the payload`, {
    reason: `its source is ${source}`,
    hint: 'A link took its place since the payload was prepared: remove the link and run again.',
  });
}
