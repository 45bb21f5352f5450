import { posix } from 'node:path';
import type { JobSecretValue } from '@pikaci/model';

/** Where a job finds a secret that it gets as a file, in a directory of its own. */
export function secretFilePath(secretsDir: string, secret: Pick<JobSecretValue, 'name'>): string {
  return posix.join(secretsDir, secret.name);
}

/**
 * The variables by which a job gets its secrets: the value, or the path of the file that holds it. They belong into the
 * environment of the command alone. Beside the job's own `env` they are part of `jobEnv` of `jobEnvironment`.
 * @param secretsDir as the job sees it
 */
export function secretVariables(
  secrets: readonly JobSecretValue[],
  secretsDir: string,
): Record<string, string> {
  return Object.fromEntries(
    secrets.map((secret) => [
      secret.name,
      secret.as === 'env' ? secret.value : secretFilePath(secretsDir, secret),
    ]),
  );
}
