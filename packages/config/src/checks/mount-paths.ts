import { absolutePathProblem, relativePathProblem, reservedGuestPathProblem } from '@pikaci/paths';
import type { ConfigCheck, ConfigIssue } from '../config-issue.js';
import { declaredMounts, type DeclaredMount } from './mount-list.js';
import { pathIssue } from './path-issue.js';

/** Every path of a mount is one that can be mounted, or mounted at. */
export const checkMountPaths: ConfigCheck = (config) => declaredMounts(config).flatMap(mountIssues);

function mountIssues({ mount, path }: DeclaredMount): ConfigIssue[] {
  const { guestPath, workspacePath } = mount;
  return [
    ...pathIssue([...path, 'path'], mount.path, relativePathProblem(mount.path)),
    ...(guestPath === undefined
      ? []
      : pathIssue([...path, 'guestPath'], guestPath, guestPathProblem(guestPath))),
    ...(workspacePath === undefined
      ? []
      : pathIssue([...path, 'workspacePath'], workspacePath, workspacePathProblem(workspacePath))),
    ...mount.addToPath.flatMap((directory, index) =>
      pathIssue([...path, 'addToPath', index], directory, relativePathProblem(directory)),
    ),
  ];
}

function guestPathProblem(path: string): string | null {
  return absolutePathProblem(path) ?? reservedGuestPathProblem(path);
}

function workspacePathProblem(path: string): string | null {
  if (path === '.') return 'would hide the whole working tree';
  return relativePathProblem(path);
}
