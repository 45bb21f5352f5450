import { stat } from 'node:fs/promises';
import type { LogsMetadata, RunRecord } from '@pikaci/model';
import { jobLayout, runLayout } from '@pikaci/paths';

/**
 * Where the logs of a run's jobs are, and whether they are there.
 *
 * @param jobIds those that are wanted; each can be a part of a path
 */
export async function logsMetadata(
  stateRoot: string,
  { runId, status }: RunRecord,
  jobIds: readonly string[],
): Promise<LogsMetadata> {
  const layout = runLayout(stateRoot, runId);
  const jobs = jobIds.map(async (id) => {
    const { hostLog, guestLog } = jobLayout(layout, id);
    return {
      id,
      hostLogPath: hostLog,
      guestLogPath: guestLog,
      hostLogExists: await isFile(hostLog),
      guestLogExists: await isFile(guestLog),
    };
  });
  return { runId, status, jobs: await Promise.all(jobs) };
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
