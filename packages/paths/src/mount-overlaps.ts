import { ownGuestPaths, systemGuestPaths } from './guest-layout.js';

/** A mount with whose it is, for messages. */
export interface NamedMount {
  readonly payloadId: string;
  readonly name: string;
  readonly guestPath: string | null;
  readonly workspacePath: string | null;
}

/** Two mounts of one job that cannot both be made, or one that cannot be made at all. */
export interface MountConflict {
  readonly mount: NamedMount;
  /** Null when the mount collides with a path of the system or of pikaci. */
  readonly other: NamedMount | null;
  /** One sentence without the full stop. */
  readonly message: string;
}

const atOrBelow = (path: string, root: string) => path === root || path.startsWith(`${root}/`);
const related = (a: string, b: string) => atOrBelow(a, b) || atOrBelow(b, a);
const describe = (mount: NamedMount) => `mount "${mount.name}" of payload "${mount.payloadId}"`;

/** Why nothing may be mounted at this guest path; null when something may. */
export function reservedGuestPathProblem(path: string): string | null {
  const system = systemGuestPaths.find((reserved) => atOrBelow(path, reserved));
  if (system !== undefined) return `lies under ${system}, which belongs to the system`;
  const own = ownGuestPaths.find((reserved) => related(path, reserved));
  if (own !== undefined) return `collides with ${own}, which pikaci uses itself`;
  return null;
}

function pairConflict(mount: NamedMount, other: NamedMount): string | null {
  if (mount.guestPath !== null && other.guestPath !== null) {
    if (mount.guestPath === other.guestPath) return `share the guest path ${mount.guestPath}`;
    if (related(mount.guestPath, other.guestPath)) {
      return `have nested guest paths, ${other.guestPath} and ${mount.guestPath}`;
    }
  }
  if (mount.workspacePath !== null && other.workspacePath !== null) {
    if (mount.workspacePath === other.workspacePath) {
      return `share the workspace path ${mount.workspacePath}`;
    }
    const nested = [mount.workspacePath, other.workspacePath].includes('.');
    if (nested || related(mount.workspacePath, other.workspacePath)) {
      return `have nested workspace paths, ${other.workspacePath} and ${mount.workspacePath}`;
    }
  }
  return null;
}

/** Every conflict among all mounts of one job, in order. Paths are taken as checked and normalised. */
export function mountOverlaps(mounts: readonly NamedMount[]): readonly MountConflict[] {
  const conflicts: MountConflict[] = [];
  mounts.forEach((mount, index) => {
    const reserved = mount.guestPath === null ? null : reservedGuestPathProblem(mount.guestPath);
    if (reserved !== null) {
      const message = `The guest path ${mount.guestPath ?? ''} of ${describe(mount)} ${reserved}`;
      conflicts.push({ mount, other: null, message });
    }
    for (const other of mounts.slice(0, index)) {
      const problem = pairConflict(mount, other);
      if (problem === null) continue;
      conflicts.push({
        mount,
        other,
        message: `The ${describe(other)} and the ${describe(mount)} ${problem}`,
      });
    }
  });
  return conflicts;
}
