import type { JobConfig } from '@pikaci/model';
import type { ConfigPath } from '../config-path.js';

/** One element of a job's list of secrets. */
export interface JobSecretReference {
  readonly secret: string;
  /** Name of the variable by which the job gets it. */
  readonly variable: string;
  /** Where the secret's name stands. */
  readonly path: ConfigPath;
  /** Where the variable's name stands. */
  readonly variablePath: ConfigPath;
}

/** The secrets that a job lists, in order. */
export function jobSecretReferences(jobId: string, job: JobConfig): JobSecretReference[] {
  return job.secrets.map((listed, index) => {
    const path = ['jobs', jobId, 'secrets', index];
    if (typeof listed === 'string') {
      return { secret: listed, variable: listed, path, variablePath: path };
    }
    const { secret, name } = listed;
    const secretPath = [...path, 'secret'];
    const variablePath = name === undefined ? secretPath : [...path, 'name'];
    return { secret, variable: name ?? secret, path: secretPath, variablePath };
  });
}
