import { deviceName } from '@pikaci/paths';
import type { ConfigCheck } from '../config-issue.js';
import { distinctIssues, repeats } from './distinct.js';
import { mountGroups } from './mount-groups.js';
import type { DeclaredMount } from './mount-list.js';

/** Mounts of one job do not end up with one device name: `a-b` with `c` gives the same one as `a` with `b-c`. */
export const checkDeviceNames: ConfigCheck = (config) => {
  const prefixOf = (payloadId: string) => config.payloads[payloadId]?.devicePrefix ?? payloadId;
  const nameOf = (item: DeclaredMount) => deviceName(prefixOf(item.payloadId), item.mount.name);
  return distinctIssues(
    mountGroups(config).flatMap((group) =>
      repeats(group, nameOf)
        .filter(({ first, again }) => !isToldElsewhere(first, again, prefixOf))
        .map(({ first, again }) => ({
          message: `the mounts \`${first.mount.name}\` of payload \`${first.payloadId}\` and \`${again.mount.name}\` of payload \`${again.payloadId}\` have the same device name \`${nameOf(again)}\``,
          path: [...again.path, 'name'],
          part: 'value' as const,
          hint: 'Give one of the payloads another devicePrefix, or one of the mounts another name.',
        })),
    ),
  );
};

/** Equal names in one payload, and equal prefixes of two payloads, have checks of their own. */
function isToldElsewhere(
  first: DeclaredMount,
  again: DeclaredMount,
  prefixOf: (payloadId: string) => string,
): boolean {
  if (first.payloadId === again.payloadId) return first.mount.name === again.mount.name;
  return prefixOf(first.payloadId) === prefixOf(again.payloadId);
}
