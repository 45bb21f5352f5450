import { readdir } from 'node:fs/promises';
import { identifierPattern, jobRecordCodec, type JobRecord, type RunRecord } from '@pikaci/model';
import { jobLayout, type RunLayout } from '@pikaci/paths';
import { readRecord } from './read-record.js';

/**
 * A run's record with the jobs' own records in it where those say more. A job's record is written before the run's: a
 * process that was killed between the two has told how a job ended, and nobody may tell otherwise afterwards.
 */
export async function withNewerJobs(record: RunRecord, layout: RunLayout): Promise<RunRecord> {
  const names = await readdir(layout.jobsDir).catch((): string[] => []);
  const jobs = new Map(record.jobs.map((job) => [job.id, job]));
  for (const id of names.filter((name) => identifierPattern.test(name)).sort()) {
    const own = await readRecord(jobLayout(layout, id).statusFile, jobRecordCodec);
    // One that is damaged says nothing; the run's stands.
    if (own.ok && own.value !== null && saysMore(own.value, jobs.get(id))) jobs.set(id, own.value);
  }
  return { ...record, jobs: [...jobs.values()] };
}

function saysMore(own: JobRecord, known: JobRecord | undefined): boolean {
  if (known === undefined || own.attempt > known.attempt) return true;
  return known.status === 'running' && own.status !== 'running' && own.attempt === known.attempt;
}
