import { copyTree, makeMountPoint, removeMountPoint, type MountPoint } from '@pikaci/host';
import { ok, type BuildCommand, type Outcome } from '@pikaci/model';
import { dependencyMounts, isWithin, type JobMount } from '@pikaci/paths';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a build finds a mount of what it depends on. */
export interface PlacedMount {
  readonly mount: JobMount;
  /** Canonical path in the store. */
  readonly source: string;
  /** Where the build finds it: in its directory, at the guest path, or in the store. */
  readonly path: string;
  /** The place in the build directory; null when it is elsewhere. */
  readonly point: MountPoint | null;
}

/**
 * Decides where each mount of a build's dependencies is to be, and makes the places in the build directory. A guest
 * path that this machine does not have is no reason to fail: such a mount stays in the store, and the build's
 * environment leads to it.
 *
 * @param canMount false when nothing can be mounted at all
 */
export async function placeDependencies(
  build: Pick<BuildCommand, 'payloadId' | 'workDir' | 'dependencies' | 'onLog'>,
  canMount: boolean,
): Promise<Outcome<readonly PlacedMount[]>> {
  const mounts = dependencyMounts(build.payloadId, build.dependencies);
  if (!mounts.ok) return mounts;
  const placed: PlacedMount[] = [];
  for (const mount of mounts.value) {
    const source = await realpath(mount.source);
    const kind = (await stat(source)).isDirectory() ? 'directory' : 'file';
    if (mount.workspacePath === null) {
      const path = canMount ? await guestPlace(mount, kind, build) : source;
      placed.push({ mount, source, path, point: null });
      continue;
    }
    const point = await makeMountPoint(build.workDir, mount.workspacePath, kind);
    if (!point.ok) return point;
    const path = join(build.workDir, mount.workspacePath);
    placed.push({ mount, source, path, point: point.value });
  }
  return ok(placed);
}

/** The guest path where something can be mounted there, else the mount's place in the store. */
async function guestPlace(
  { guestPath, name, source }: JobMount,
  kind: 'directory' | 'file',
  { workDir, onLog }: Pick<BuildCommand, 'workDir' | 'onLog'>,
): Promise<string> {
  if (guestPath === null) return source;
  const found = await stat(guestPath).catch(() => null);
  const fits = found !== null && found.isDirectory() === (kind === 'directory');
  if (fits && !isWithin(await realpath(guestPath), workDir)) return guestPath;
  const why = found === null ? 'there is none here' : 'it cannot be mounted there';
  onLog(`mount "${name}" is at ${source}, not at ${guestPath}: ${why}`);
  return source;
}

/** Copies into the build directory what cannot be mounted there. Mounts elsewhere stay in the store. */
export async function copyDependencies(
  placed: readonly PlacedMount[],
  signal: AbortSignal,
): Promise<Outcome<void>> {
  for (const { point, source, path } of placed) {
    if (point === null) continue;
    const removed = await removeMountPoint({ ...point, madeParents: 0 });
    if (!removed.ok) return removed;
    const copied = await copyTree(source, path, signal);
    if (!copied.ok) return copied;
  }
  return ok(undefined);
}

/** Takes the places out of the build directory again, with what was copied there: they are no part of its output. */
export async function removeDependencies(
  placed: readonly PlacedMount[],
  copied: boolean,
): Promise<Outcome<void>> {
  for (const { point } of placed.toReversed()) {
    if (point === null) continue;
    const removed = await removeMountPoint(point, copied);
    if (!removed.ok) return removed;
  }
  return ok(undefined);
}
