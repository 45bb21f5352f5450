import type { JobConfig } from '@pikaci/model';
import type { ConfigCheck, ConfigIssue } from '../config-issue.js';
import { repeats } from './distinct.js';
import { jobSecretReferences, type JobSecretReference } from './job-secrets.js';

/** A job gets each of its secrets by a variable that nothing else is in: no other secret, nothing of `env` or pikaci. */
export const checkSecretVariables: ConfigCheck = (config) =>
  Object.entries(config.jobs).flatMap(([jobId, job]) => {
    const references = jobSecretReferences(jobId, job);
    return [
      ...repeats(references, ({ variable }) => variable).map(({ first, again }) =>
        issue(jobId, again, `as it gets secret \`${first.secret}\``),
      ),
      ...references.flatMap((reference) => {
        const use = otherUse(job, reference.variable);
        return use === null ? [] : [issue(jobId, reference, use)];
      }),
    ];
  });

function otherUse(job: JobConfig, variable: string): string | null {
  if (Object.hasOwn(job.env, variable)) return 'which is in its env as well';
  if (variable === 'PATH' || variable.startsWith('PIKACI_')) return "which is pikaci's own";
  return null;
}

function issue(
  jobId: string,
  { secret, variable, variablePath }: JobSecretReference,
  use: string,
): ConfigIssue {
  return {
    message: `job \`${jobId}\` gets secret \`${secret}\` as variable ${variable}, ${use}`,
    path: variablePath,
    part: 'value',
    hint: 'Give it another `name` in this job: { secret: …, name: … }.',
  };
}
