import { relativePathProblem } from '@pikaci/paths';
import type { ConfigCheck } from '../config-issue.js';
import { pathIssue } from './path-issue.js';

/** The directory that a job starts in is one of its working tree. */
export const checkJobPlaces: ConfigCheck = (config) =>
  Object.entries(config.jobs).flatMap(([id, { cwd }]) => {
    if (cwd === undefined || cwd === '.') return [];
    return pathIssue(['jobs', id, 'cwd'], cwd, relativePathProblem(cwd));
  });
