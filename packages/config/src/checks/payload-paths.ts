import { relativePathProblem } from '@pikaci/paths';
import type { ConfigCheck } from '../config-issue.js';
import { pathIssue } from './path-issue.js';

/** What pikaci itself keeps in a job's directory. */
const ownJobFiles = ['status.json', 'host.log', 'artifacts'];

/** Payloads are staged inside the job's directory, and their outputs lie inside the build's. */
export const checkPayloadPaths: ConfigCheck = (config) =>
  Object.entries(config.payloads).flatMap(([id, payload]) => {
    const stageAt = payload.stageAt;
    const output = payload.kind === 'command' ? payload.output : undefined;
    return [
      ...(stageAt === undefined
        ? []
        : pathIssue(['payloads', id, 'stageAt'], stageAt, stageAtProblem(stageAt))),
      ...(output === undefined
        ? []
        : pathIssue(['payloads', id, 'output'], output, relativePathProblem(output))),
    ];
  });

function stageAtProblem(path: string): string | null {
  if (path === '.') return "is the job's directory itself";
  const problem = relativePathProblem(path);
  if (problem !== null) return problem;
  const own = ownJobFiles.find((name) => path.split('/')[0] === name);
  return own === undefined
    ? null
    : `is in the way of pikaci's own \`${own}\` in the job's directory`;
}
