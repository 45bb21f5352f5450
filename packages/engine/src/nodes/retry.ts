import type { FailureKind, JobAttemptRecord, JobRecord, PlannedJob } from '@pikaci/model';

const firstBackoffMs = 1000;
const longestBackoffMs = 30_000;

/** How often the preparation of a payload or a runtime is tried again after a failure of the machine. */
export const prepareRetries = 2;

/** How long to wait after so many attempts: 1 s, 2 s, 4 s… and never more than 30 s. */
export function backoffMs(attempts: number): number {
  return Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.max(0, attempts - 1));
}

/** Which of a job's two limits a failure counts against; null: it is not tried again. A timeout is the job's own. */
function retryClass(kind: FailureKind | null): keyof PlannedJob['retry'] | null {
  if (kind === 'infrastructure') return 'infrastructure';
  return kind === 'job' || kind === 'timeout' ? 'job' : null;
}

/** True when a job that ended so is tried again. Each class of failures has a limit of its own. */
export function mayRetry(
  retry: PlannedJob['retry'],
  ended: Pick<JobRecord, 'failureKind' | 'attempts'>,
): boolean {
  const ofClass = retryClass(ended.failureKind);
  if (ofClass === null) return false;
  const before = ended.attempts.filter((one: JobAttemptRecord) => {
    return retryClass(one.failureKind) === ofClass;
  });
  return before.length < retry[ofClass];
}
