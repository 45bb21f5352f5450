import type { ConfigCheck } from '../config-issue.js';
import { repeats } from './distinct.js';
import { mountsOfPayload } from './mount-list.js';

/** The mounts of a payload have names of their own. */
export const checkMountNames: ConfigCheck = (config) =>
  Object.keys(config.payloads).flatMap((payloadId) =>
    repeats(mountsOfPayload(config, payloadId), ({ mount }) => mount.name).map(({ again }) => ({
      message: `two mounts of payload \`${payloadId}\` have the name \`${again.mount.name}\``,
      path: [...again.path, 'name'],
      part: 'value' as const,
      hint: 'Give one of them another name.',
    })),
  );
