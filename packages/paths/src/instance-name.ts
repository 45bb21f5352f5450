import { createHash } from 'node:crypto';

/** The instance of one job of one run: `pikaci-` and 12 hex digits of the sha256 of `<run>:<job>`. */
export function instanceName(runId: string, jobId: string): string {
  return `pikaci-${createHash('sha256').update(`${runId}:${jobId}`).digest('hex').slice(0, 12)}`;
}
