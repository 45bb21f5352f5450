import { readdir } from 'node:fs/promises';
import {
  identifierPattern,
  jobRecordCodec,
  ok,
  type JobRecord,
  type Outcome,
  type RunRecord,
  type RunWriter,
} from '@pikaci/model';
import { jobLayout, type RunLayout } from '@pikaci/paths';
import { readRecord } from './read-record.js';

/**
 * A job's record stands in two files, which are written one after the other, and a process may be killed between the two.
 * Takes the one that is further, and writes it where it is missing.
 *
 * @returns the run's record with the newest of each job
 */
export async function withNewestJobs(
  layout: RunLayout,
  writer: RunWriter,
  run: RunRecord,
): Promise<Outcome<RunRecord>> {
  const jobs: JobRecord[] = [];
  for (const job of run.jobs) {
    const own = await readRecord(jobLayout(layout, job.id).statusFile, jobRecordCodec);
    // A damaged one is written anew.
    const other = own.ok ? own.value : null;
    if (other !== null && isFurther(other, job)) {
      jobs.push(other);
      continue;
    }
    jobs.push(job);
    const isBehind = other === null || isFurther(job, other);
    const written = isBehind ? await writeAnew(writer, job) : ok(undefined);
    if (!written.ok) return written;
  }
  return ok({ ...run, jobs: [...jobs, ...(await unlistedJobs(layout, run))] });
}

/** Jobs that had begun, and of which the run's record did not know yet. */
async function unlistedJobs(layout: RunLayout, run: RunRecord): Promise<readonly JobRecord[]> {
  const names = await readdir(layout.jobsDir).catch((): string[] => []);
  const known = new Set(run.jobs.map(({ id }) => id));
  const unlisted: JobRecord[] = [];
  for (const id of names.filter((name) => identifierPattern.test(name)).sort()) {
    if (known.has(id)) continue;
    const own = await readRecord(jobLayout(layout, id).statusFile, jobRecordCodec);
    if (own.ok && own.value !== null) unlisted.push(own.value);
  }
  return unlisted;
}

async function writeAnew(writer: RunWriter, job: JobRecord): Promise<Outcome<void>> {
  const made = await writer.createJob(job.id);
  return made.ok ? writer.writeJob(job) : made;
}

/** A later attempt, or the same one with its end. */
function isFurther(one: JobRecord, other: JobRecord): boolean {
  if (one.attempt !== other.attempt) return one.attempt > other.attempt;
  return one.status !== 'running' && other.status === 'running';
}
