import { createHash } from 'node:crypto';

/**
 * The instance of one job of one run: `pikaci-` and 12 hex digits of the sha256 of `<run>:<job>`. A later attempt has
 * another one, `<run>:<job>:<attempt>`, since the instance of the former may still be on its way out.
 */
export function instanceName(runId: string, jobId: string, attempt = 1): string {
  const parts = attempt === 1 ? [runId, jobId] : [runId, jobId, String(attempt)];
  return `pikaci-${createHash('sha256').update(parts.join(':')).digest('hex').slice(0, 12)}`;
}
