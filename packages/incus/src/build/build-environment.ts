import type { BuildCommand } from '@pikaci/model';
import { guestLayout, mountVariableName, payloadVariableName, type JobMount } from '@pikaci/paths';
import { posix } from 'node:path';
import { guestPath } from '../guest-path.js';
import { dependencyRoot } from './build-devices.js';

/** Where a mount is to be found in a build's guest. */
export function buildMountPlace(mount: JobMount): string {
  if (mount.workspacePath === null) return mount.attachPath;
  return posix.join(guestLayout.work, mount.workspacePath);
}

/** The environment of a build in a guest: what it declares, then what pikaci says. Nothing is inherited. */
export function guestBuildEnvironment(
  { env, dependencies }: Pick<BuildCommand, 'env' | 'dependencies'>,
  mounts: readonly JobMount[],
): Record<string, string> {
  const variables: Record<string, string> = { CI: 'true', ...env };
  for (const { payloadId } of dependencies) {
    variables[payloadVariableName(payloadId)] = dependencyRoot(payloadId);
  }
  for (const mount of mounts) variables[mountVariableName(mount.name)] = buildMountPlace(mount);
  const directories = mounts.flatMap((mount) =>
    mount.addToPath.map((directory) => posix.join(buildMountPlace(mount), directory)),
  );
  variables['PATH'] = [...directories, env['PATH'] ?? guestPath].join(':');
  variables['PIKACI_OUTPUT'] = guestLayout.output;
  return variables;
}
