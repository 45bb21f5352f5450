import type { JobRecord } from '@pikaci/model';

/** Whether a run goes on after a job as if it had passed: it has, or it has failed and may. */
export function isGoodEnd({ status, allowedFailure }: JobRecord): boolean {
  return status === 'passed' || allowedFailure;
}
