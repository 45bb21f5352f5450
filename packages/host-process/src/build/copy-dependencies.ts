import { copyTree, removeTree } from '@pikaci/host';
import { ok, type Outcome, type PayloadMount, type PreparedPayload } from '@pikaci/model';
import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PlacedDependency, PlacedMount } from './placed-dependency.js';

/**
 * Copies what dependencies mount into the working tree to its places in the build directory; other mounts stay in the
 * store. Links to the store would break package managers' relative links, and let the build write into the store.
 */
export async function copyDependencies(
  dependencies: readonly PreparedPayload[],
  buildDir: string,
): Promise<Outcome<readonly PlacedDependency[]>> {
  const placed: PlacedDependency[] = [];
  for (const { payloadId, storePath, manifest } of dependencies) {
    const mounts: PlacedMount[] = [];
    for (const mount of manifest.mounts) {
      const path = await placeMount(mount, storePath, buildDir);
      if (!path.ok) return path;
      const pathDirectories = mount.addToPath.map((directory) => join(path.value, directory));
      mounts.push({ name: mount.name, path: path.value, pathDirectories });
    }
    placed.push({ payloadId, storePath, mounts });
  }
  return ok(placed);
}

async function placeMount(
  mount: PayloadMount,
  storePath: string,
  buildDir: string,
): Promise<Outcome<string>> {
  const source = join(storePath, mount.relativePath);
  if (mount.workspacePath === null) return ok(source);
  const target = join(buildDir, mount.workspacePath);
  // As in a job, a mount hides what lies in its place.
  const removed = await removeTree(target);
  if (!removed.ok) return removed;
  await mkdir(dirname(target), { recursive: true });
  const copied = await copyTree(await realpath(source), target);
  return copied.ok ? ok(target) : copied;
}
