import { isWithin } from '@pikaci/paths';
import type { PikaciConfig } from '@pikaci/model';
import { posix } from 'node:path';
import type { ConfigCheck, ConfigIssue } from '../config-issue.js';
import { distinctIssues } from './distinct.js';
import { payloadsTogether } from './job-payloads.js';

/** No payload of a job is staged inside another one: a staged payload is a link into the store. */
export const checkNestedStages: ConfigCheck = (config) =>
  distinctIssues(
    Object.entries(config.jobs).flatMap(([jobId, job]) =>
      payloadsTogether(jobId, job).flatMap((together) =>
        nestedStages(config, jobId, [...new Set(together.map(({ payloadId }) => payloadId))]),
      ),
    ),
  );

function nestedStages(
  config: PikaciConfig,
  jobId: string,
  payloadIds: readonly string[],
): ConfigIssue[] {
  const place = (id: string) => config.payloads[id]?.stageAt ?? `staged/${id}`;
  return payloadIds.flatMap((outer) =>
    payloadIds.flatMap((inner) => {
      const [around, within] = [place(outer), place(inner)];
      const nested =
        around !== within && isWithin(posix.join('/', around), posix.join('/', within));
      if (!nested) return [];
      const setter = config.payloads[inner]?.stageAt === undefined ? outer : inner;
      return [
        {
          message: `payload \`${inner}\` of job \`${jobId}\` is staged at \`${within}\`, inside payload \`${outer}\` at \`${around}\``,
          path: ['payloads', setter, 'stageAt'],
          part: 'value' as const,
          hint: 'Give one of them a stageAt that is not below the other one.',
        },
      ];
    }),
  );
}
