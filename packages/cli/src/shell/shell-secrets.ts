import type { JobSecretValue, PlannedJob } from '@pikaci/model';
import { formatFailure } from '@pikaci/report';
import { createSecretSources } from '@pikaci/secrets';
import type { Session } from '../session.js';
import type { Workspace } from '../workspace.js';

/**
 * The secrets of a job, as the configuration gives them now. A shell is opened without those that cannot be had, which
 * is said: a person who looks into a failure may need none.
 */
export async function shellSecrets(
  session: Session,
  { config, workspaceRoot }: Workspace,
  job: PlannedJob,
  signal: AbortSignal,
): Promise<readonly JobSecretValue[]> {
  if (job.secrets.length === 0) return [];
  const { io } = session;
  const sources = createSecretSources({
    secrets: config.secrets,
    workspaceRoot,
    environment: io.env,
  });
  const names = [...new Set(job.secrets.map(({ secret }) => secret))];
  const read = await sources.read(names, signal);
  if (read.ok) return read.value.of(job.secrets);
  io.stderr.write(
    `warning: the shell is without the secrets of the job\n${formatFailure(read.error)}\n`,
  );
  return [];
}
