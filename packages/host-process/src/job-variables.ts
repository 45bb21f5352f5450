import type { JobExecution } from '@pikaci/model';
import { jobEnvironment, secretVariables } from '@pikaci/paths';
import { baseEnvironment } from './base-environment.js';
import { environmentMounts } from './placed-mounts.js';
import type { TreeRequest } from './working-tree/working-tree.js';

/** Directories that variables of a job name. */
export interface VariableDirectories {
  /** Empty when no secret is a file. */
  readonly secretsDir: string;
  readonly artifactsDir: string;
}

/** All variables of a job that is a process: what it inherits of pikaci's, its own, and its secrets. */
export function jobVariables(
  inherited: NodeJS.ProcessEnv,
  { runId, job, secrets }: Pick<JobExecution, 'runId' | 'job' | 'secrets'>,
  { mounts, workspaceDir }: Pick<TreeRequest, 'mounts' | 'workspaceDir'>,
  { secretsDir, artifactsDir }: VariableDirectories,
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
  });
  return { ...base, ...environment };
}
