import type { JobExecution } from '@pikaci/model';
import { jobMarks } from '@pikaci/paths';

/** What tells the processes of a job from all others, also those that left its process group. */
export function processMarks({
  runId,
  job,
}: Pick<JobExecution, 'runId' | 'job'>): Record<string, string> {
  return jobMarks({ runId, jobId: job.id, artifactsDir: job.hostContext.artifactsDir });
}
