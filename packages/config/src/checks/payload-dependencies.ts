import type { ConfigCheck } from '../config-issue.js';

/**
 * Dependencies are declared where they are of use: only the build of a command finds them. Elsewhere they would be
 * prepared for nothing.
 */
export const checkPayloadDependencies: ConfigCheck = (config) =>
  Object.entries(config.payloads).flatMap(([id, payload]) => {
    if (payload.dependsOn.length === 0 || payload.kind === 'command') return [];
    return [
      {
        message: `payload \`${id}\` is of kind \`${payload.kind}\`, which is made of no other payloads`,
        path: ['payloads', id, 'dependsOn'],
        part: 'value' as const,
        hint: 'Remove `dependsOn`; list the payloads at the job that needs them.',
      },
    ];
  });
