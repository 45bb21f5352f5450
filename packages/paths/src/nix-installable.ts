import { posix } from 'node:path';
import { isWithin } from './containment.js';

/** An installable of Nix that is a flake of the workspace. */
export interface WorkspaceFlake {
  /** Where the flake is: relative to the workspace root, normalised, and still percent-encoded where it was. */
  readonly path: string;
  readonly isEncoded: boolean;
  /** What follows the path: parameters, and what of the flake is meant. */
  readonly rest: string;
}

const localFlake = /^(path:)?(\.{0,2}(?:\/[^?#]*)?)((?:\?[^#]*)?(?:#.*)?)$/;

/**
 * Takes an installable apart that refers to the workspace: it begins with `.`, `path:.` or `#`. Null for others, such as
 * `nixpkgs#hello` or a path of the Nix store.
 */
export function workspaceFlake(installable: string): WorkspaceFlake | null {
  const [, scheme, path, rest] = localFlake.exec(installable) ?? [];
  if (path === undefined || rest === undefined || path.startsWith('/')) return null;
  if (scheme !== undefined && path === '') return null;
  const normal = posix.normalize(path === '' ? '.' : path).replace(/(.)\/$/, '$1');
  return { path: normal, isEncoded: scheme !== undefined, rest };
}

/** Why an installable cannot be built as a payload; null when it can. */
export function installableProblem(installable: string): string | null {
  if (installable.startsWith('-')) return 'is an option of nix, and no installable';
  if (/\s/.test(installable) || installable === '') return 'is no single installable';
  const flake = workspaceFlake(installable);
  if (flake !== null) {
    const path = flake.isEncoded ? decoded(flake.path) : flake.path;
    if (path === null) return 'is no URL';
    return isWithin('/w', posix.join('/w', path)) ? null : 'leads out of the workspace with ".."';
  }
  const [, absolute] = /^(?:path:|git\+file:)?(?:\/\/)?(\/.*)$/.exec(installable) ?? [];
  if (absolute === undefined || absolute.startsWith('/nix/store/')) return null;
  return 'is a path outside of the workspace, whose changes would not be seen';
}

/** The URL of a flake of the workspace, at this absolute path of the workspace root or of a copy of it. */
export function workspaceFlakeUrl({ path, isEncoded, rest }: WorkspaceFlake, root: string): string {
  const encodedRoot = root.split('/').map(encodeURIComponent).join('/');
  const encodedPath = isEncoded ? path : path.split('/').map(encodeURIComponent).join('/');
  return `path:${posix.join(encodedRoot, encodedPath)}${rest}`;
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
