import { artifactsOf, junitReportsOf } from '@pikaci/model';
import type { ConfigCheck } from '../config-issue.js';
import type { ConfigPath } from '../config-path.js';
import { pathIssue } from './path-issue.js';

/**
 * Globs stay in the tree that they are matched in. One that leads out matches nothing, ever: a payload would be reused
 * although the input it names had changed.
 */
export const checkGlobs: ConfigCheck = (config) => [
  ...Object.entries(config.payloads).flatMap(([id, payload]) =>
    payload.kind === 'command' ? globIssues(['payloads', id, 'inputs'], payload.inputs) : [],
  ),
  ...Object.entries(config.jobs).flatMap(([id, job]) =>
    globIssues(
      ['jobs', id, 'artifacts', ...(Array.isArray(job.artifacts) ? [] : ['paths'])],
      artifactsOf(job.artifacts).paths,
    ),
  ),
  ...Object.entries(config.jobs).flatMap(([id, { reports }]) =>
    typeof reports?.junit === 'string'
      ? pathIssue(['jobs', id, 'reports', 'junit'], reports.junit, globProblem(reports.junit))
      : globIssues(['jobs', id, 'reports', 'junit'], junitReportsOf(reports)),
  ),
  ...Object.entries(config.targets).flatMap(([id, target]) =>
    globIssues(['targets', id, 'paths'], target.paths),
  ),
  ...globIssues(['snapshot', 'include'], config.snapshot.include),
  ...globIssues(['snapshot', 'exclude'], config.snapshot.exclude),
];

function globIssues(path: ConfigPath, globs: readonly string[]) {
  return globs.flatMap((glob, index) => pathIssue([...path, index], glob, globProblem(glob)));
}

function globProblem(glob: string): string | null {
  const pattern = glob.replace(/^!/, '');
  if (pattern.startsWith('/')) return 'is absolute, and globs are relative to the tree';
  if (pattern.split('/').includes('..')) return 'leads out of the tree with ".."';
  return null;
}
