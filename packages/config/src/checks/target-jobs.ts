import type { ConfigCheck } from '../config-issue.js';

/** A target is made of something. */
export const checkTargetJobs: ConfigCheck = (config) =>
  Object.entries(config.targets).flatMap(([id, { jobs, nx }]) =>
    jobs.length > 0 || nx !== undefined
      ? []
      : [
          {
            message: `target \`${id}\` has no jobs`,
            path: ['targets', id],
            part: 'value' as const,
            hint: 'Name them in `jobs`, or let them be made of the projects of an Nx workspace with `nx`.',
          },
        ],
  );
