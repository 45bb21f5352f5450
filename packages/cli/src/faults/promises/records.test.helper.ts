import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Aftermath } from '../aftermath.test.helper.js';
import { readJson, text, type Json } from '../disk.test.helper.js';
import { recordedRuns, type RecordedRun } from '../recorded-runs.test.helper.js';

/** Every run has ended, each started job has one terminal record, and the events tell all of it, in order. */
export function brokenRecords(world: Aftermath): readonly string[] {
  return recordedRuns(world).flatMap((run) =>
    [...recordProblems(run), ...eventProblems(run)].map((problem) => `run ${run.id}: ${problem}`),
  );
}

function recordProblems({ dir, record, jobs }: RecordedRun): readonly string[] {
  if (record === null) return ['run.json is missing or broken'];
  const problems = isTerminal(record) ? [] : [`run.json says ${text(record['status'])}`];
  for (const job of jobs) {
    const id = text(job['id']);
    if (!isTerminal(job)) problems.push(`job ${id} says ${text(job['status'])}`);
    const own = readJson(join(dir, 'jobs', id, 'status.json'));
    if (!isDeepStrictEqual(own, job)) problems.push(`job ${id} has another record than the run`);
  }
  return problems;
}

function isTerminal(record: Json): boolean {
  const { status, finished_at: finishedAt } = record;
  return ['passed', 'failed', 'skipped'].includes(text(status)) && typeof finishedAt === 'string';
}

function eventProblems({ events, jobs }: RecordedRun): readonly string[] {
  const problems: string[] = [];
  for (const [index, event] of events.entries()) {
    if (event === null) problems.push(`line ${index + 1} of the events is broken`);
    else if (event['sequence'] !== index + 1) {
      problems.push(`event ${index + 1} has the number ${String(event['sequence'])}`);
    }
  }
  const whole = events.filter((event) => event !== null);
  if (whole[0]?.['event'] !== 'run_started') problems.push('the events do not begin with the run');
  if (whole.at(-1)?.['event'] !== 'run_finished')
    problems.push('the events do not end with the run');
  return [...problems, ...jobs.flatMap((job) => jobEventProblems(whole, job))];
}

/** What a job's events have told so far. */
type Told = 'nothing' | 'started' | 'ended';

function jobEventProblems(events: readonly Json[], job: Json): readonly string[] {
  const id = text(job['id']);
  const problems: string[] = [];
  let told: Told = 'nothing';
  let mayBeginAgain = true;
  for (const event of events) {
    const kind = text(event['event']);
    if (kind === 'run_resumed') mayBeginAgain = true;
    if (jobOf(event) !== id) continue;
    if (kind === 'job_started') {
      if (!mayBeginAgain) problems.push(`job ${id} started twice`);
      told = 'started';
      mayBeginAgain = false;
    } else if (kind === 'job_finished' || kind === 'job_skipped') {
      if (told === 'ended' && !mayBeginAgain) problems.push(`job ${id} ended twice`);
      if (kind === 'job_finished' && told === 'nothing' && hasRun(event)) {
        problems.push(`job ${id} ended unbegun`);
      }
      told = 'ended';
    } else if (kind === 'job_attempt_finished') {
      mayBeginAgain = true;
    } else if (kind !== 'job_waiting' && told !== 'started') {
      problems.push(`job ${id} has a ${kind} while it does not run`);
    }
  }
  if (told !== 'ended') problems.push(`the events do not tell the end of job ${id}`);
  return problems;
}

/** Only what was begun can pass, or fail by itself; a job that its machine has failed may never have been begun. */
function hasRun(event: Json): boolean {
  const job = event['job'] as Json;
  return job['status'] === 'passed' || ['job', 'timeout'].includes(text(job['failure_kind']));
}

function jobOf(event: Json): string {
  const job = event['job'] as Json | undefined;
  if (event['event'] === 'cancel_requested') return '';
  return text(job?.['id'] ?? event['job_id']);
}
