import type { JobExecution } from '@pikaci/model';
import { jobEnvironment, secretVariables } from '@pikaci/paths';
import { baseEnvironment } from './base-environment.js';
import { environmentMounts } from './placed-mounts.js';
import type { TreeRequest } from './working-tree/working-tree.js';

/** What variables of a job name. */
export interface NamedByVariables {
  /** Empty when no secret is a file. */
  readonly secretsDir: string;
  readonly artifactsDir: string;
  /** What tells it where its services are. */
  readonly told?: Readonly<Record<string, string>>;
}

/** All variables of a job that is a process: what it inherits of pikaci's, its own, and its secrets. */
export function jobVariables(
  inherited: NodeJS.ProcessEnv,
  {
    runId,
    job,
    secrets,
    traceparent,
  }: Pick<JobExecution, 'runId' | 'job' | 'secrets' | 'traceparent'>,
  { mounts, workspaceDir }: Pick<TreeRequest, 'mounts' | 'workspaceDir'>,
  { secretsDir, artifactsDir, told = {} }: NamedByVariables,
): Record<string, string> {
  const base = baseEnvironment(inherited);
  const environment = jobEnvironment({
    runId,
    jobId: job.id,
    jobEnv: { ...job.env, ...secretVariables(secrets, secretsDir) },
    mounts: environmentMounts(mounts),
    workspaceDir,
    artifactsDir,
    basePath: base.PATH,
    traceparent,
    told,
  });
  return { ...base, ...environment };
}
