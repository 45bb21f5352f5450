import {
  fail,
  identifierPattern,
  ok,
  type JobRecord,
  type Outcome,
  type RunRecord,
} from '@pikaci/model';
import { isFailed } from '../logs/failed-jobs.js';

/**
 * The job of a run whose place is wanted: the one that is named, else the only one that failed. A `selection` failure
 * when it cannot be told, or has not ended.
 */
export function findShellJob(run: RunRecord, wanted: string | undefined): Outcome<JobRecord> {
  const jobs = run.jobs.filter(({ id }) => identifierPattern.test(id));
  if (wanted !== undefined) {
    const job = jobs.find(({ id }) => id === wanted);
    return job === undefined ? noSuchJob(run, jobs, wanted) : ended(run, job);
  }
  const failed = jobs.filter(isFailed);
  const [only, ...others] = failed;
  if (only === undefined) {
    return fail('selection', `No job of run ${run.runId} has failed`, {
      hint: jobs.length === 0 ? 'It has no jobs.' : `Name one with --job: ${idsOf(jobs)}.`,
    });
  }
  if (others.length === 0) return ended(run, only);
  return fail('selection', `Several jobs of run ${run.runId} have failed`, {
    hint: `Name one with --job: ${idsOf(failed)}.`,
  });
}

function noSuchJob(run: RunRecord, jobs: readonly JobRecord[], wanted: string): Outcome<never> {
  return fail('selection', `The run ${run.runId} has no job "${wanted}"`, {
    hint: jobs.length === 0 ? 'It has no jobs.' : `It has ${idsOf(jobs)}.`,
  });
}

function ended(run: RunRecord, job: JobRecord): Outcome<JobRecord> {
  const { runId } = run;
  switch (job.status) {
    case 'passed':
    case 'failed':
      return ok(job);
    case 'running':
      return fail('selection', `The job "${job.id}" of run ${runId} has not ended`, {
        reason: 'a shell is opened in what a job had, when it is over',
        hint: `Wait for it: \`npx pikaci attach ${runId} --job ${job.id}\`.`,
      });
    case 'skipped':
      return fail('selection', `The job "${job.id}" of run ${runId} was not run`, {
        reason: job.message ?? 'it was skipped',
        hint: `Run it: \`npx pikaci run ${job.id}\`.`,
      });
  }
}

function idsOf(jobs: readonly JobRecord[]): string {
  return jobs.map(({ id }) => id).join(', ');
}
