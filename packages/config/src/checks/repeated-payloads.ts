import type { ConfigCheck } from '../config-issue.js';
import { distinctIssues, repeats } from './distinct.js';
import { payloadsTogether, type JobPayloadReference } from './job-payloads.js';

/** No job gets a payload twice on one runtime. */
export const checkRepeatedPayloads: ConfigCheck = (config) =>
  distinctIssues(
    Object.entries(config.jobs).flatMap(([jobId, job]) =>
      payloadsTogether(jobId, job).flatMap((together) =>
        repeats(together, ({ payloadId }) => payloadId).map(({ first, again }) => ({
          message: `job \`${jobId}\` lists payload \`${again.payloadId}\` twice${differingModes(first, again)}`,
          path: again.path,
          part: 'value' as const,
          hint: 'Remove one of the two.',
        })),
      ),
    ),
  );

function differingModes(first: JobPayloadReference, again: JobPayloadReference): string {
  return first.mode === again.mode ? '' : `, as ${first.mode} and as ${again.mode}`;
}
