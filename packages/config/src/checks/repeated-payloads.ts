import type { ConfigCheck } from '../config-issue.js';
import { distinctIssues, repeats } from './distinct.js';
import { payloadsTogether } from './job-payloads.js';

/** No job gets a payload twice on one runtime. */
export const checkRepeatedPayloads: ConfigCheck = (config) =>
  distinctIssues(
    Object.entries(config.jobs).flatMap(([jobId, job]) =>
      payloadsTogether(jobId, job).flatMap((together) =>
        repeats(together, ({ payloadId }) => payloadId).map(({ again }) => ({
          message: `job \`${jobId}\` lists payload \`${again.payloadId}\` twice`,
          path: again.path,
          part: 'value' as const,
          hint: 'Remove one of the two.',
        })),
      ),
    ),
  );
