import type { ConfigCheck } from '../config-issue.js';

/**
 * Node ids of a plan are unique: a payload has the node `prepare-<payload>`, a job that needs its runtime prepared
 * `prepare-<job>-runner`.
 */
export const checkNodeIds: ConfigCheck = (config) =>
  Object.keys(config.jobs).flatMap((jobId) => {
    const payloadId = `${jobId}-runner`;
    if (!Object.hasOwn(config.payloads, payloadId)) return [];
    return [
      {
        message: `payload \`${payloadId}\` and job \`${jobId}\` would both have the node \`prepare-${payloadId}\``,
        path: ['payloads', payloadId],
        part: 'key' as const,
        hint: 'Give one of the two another id.',
      },
    ];
  });
