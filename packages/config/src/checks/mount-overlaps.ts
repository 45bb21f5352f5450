import { mountOverlaps, type NamedMount } from '@pikaci/paths';
import type { ConfigCheck, ConfigIssue } from '../config-issue.js';
import { distinctIssues } from './distinct.js';
import { mountGroups } from './mount-groups.js';
import type { DeclaredMount } from './mount-list.js';

/** No two mounts of one job are at the same place, or one inside the other. */
export const checkMountOverlaps: ConfigCheck = (config) =>
  distinctIssues(mountGroups(config).flatMap(overlapIssues));

function overlapIssues(group: readonly DeclaredMount[]): ConfigIssue[] {
  const declared = new Map(group.map((item) => [namedMount(item), item]));
  return mountOverlaps([...declared.keys()]).flatMap(({ mount, other, message }) => {
    const found = declared.get(mount);
    // A collision with a reserved path is told where single paths are checked.
    if (other === null || found === undefined) return [];
    const key = mount.guestPath === null ? 'workspacePath' : 'guestPath';
    return [
      {
        message: message.replace(/^The /, 'the '),
        path: [...found.path, key],
        part: 'value',
        hint: 'Give one of them another path, or let no job have both payloads.',
      },
    ];
  });
}

function namedMount({ payloadId, mount }: DeclaredMount): NamedMount {
  return {
    payloadId,
    name: mount.name,
    guestPath: mount.guestPath ?? null,
    workspacePath: mount.workspacePath ?? null,
  };
}
