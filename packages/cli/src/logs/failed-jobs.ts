import type { JobRecord, RunRecord } from '@pikaci/model';

/** True for a job that ended and did not pass; one that was skipped has nothing to show. */
export const isFailed = ({ status }: JobRecord): boolean => status === 'failed';

/** True when a job of the run has failed. */
export const hasFailed = ({ jobs }: RunRecord): boolean => jobs.some(isFailed);
