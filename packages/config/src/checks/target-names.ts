import { jobsOfName } from '@pikaci/model';
import type { ConfigCheck } from '../config-issue.js';

/** A target with the name of a job contains it: `pikaci run NAME` takes the target, and must not leave the job out. */
export const checkTargetNames: ConfigCheck = (config) =>
  Object.entries(config.targets).flatMap(([id, target]) => {
    const named = jobsOfName(config, id);
    if (named.every((job) => target.jobs.includes(job))) return [];
    return [
      {
        message: `target \`${id}\` has the name of a job that it does not contain`,
        path: ['targets', id],
        part: 'key' as const,
        hint: 'Add the job to the target, or give one of the two another name.',
      },
    ];
  });
