import {
  fail,
  identifierPattern,
  ok,
  type Outcome,
  type OutputStream,
  type RunRecord,
} from '@pikaci/model';
import { attemptLayout, jobLayout, runLayout, serviceLayout, type RunLayout } from '@pikaci/paths';
import { isFailed } from './failed-jobs.js';

/** Who wrote a log: pikaci, or the job's command. */
export const logKinds = ['host', 'guest', 'both'] as const;

/** Which logs of a run are wanted. */
export interface LogChoice {
  /** Only of this job. */
  readonly job?: string;
  /** An earlier attempt of the job, from 1. */
  readonly attempt?: number;
  /** Only of jobs that failed. */
  readonly failed?: true;
  readonly kind: (typeof logKinds)[number];
  /** Only this stream of guest logs, for their titles. */
  readonly stream?: OutputStream;
  /** What this service of the job printed, and nothing else. */
  readonly service?: string;
}

/** One log file of one job. */
export interface LogFile {
  /** The job and what is shown of it. */
  readonly title: string;
  readonly jobId: string;
  /** The attempt that was chosen; null for the last one. */
  readonly attempt: number | null;
  readonly kind: 'host' | 'guest';
  readonly path: string;
}

/**
 * The log files of a choice, whether they are there or not. Where they are follows from the state root, so that a record
 * that was moved or tampered with leads nowhere else. A failure (`selection`) when the run has no such job or attempt.
 */
export function logFiles(
  stateRoot: string,
  run: RunRecord,
  choice: LogChoice,
): Outcome<readonly LogFile[]> {
  const ids = jobIdsOf(run, choice);
  if (!ids.ok) return ids;
  const layout = runLayout(stateRoot, run.runId);
  if (choice.attempt !== undefined) return attemptFiles(layout, run, choice, choice.attempt);
  if (choice.service !== undefined) return serviceFile(layout, run, choice, choice.service);
  return ok(
    ids.value.flatMap((id) => filesOfKind({ id, attempt: null }, jobLayout(layout, id), choice)),
  );
}

/** The ids of the jobs of a choice, each of which can be a part of a path. A `selection` failure when there is no such job. */
export function jobIdsOf(
  run: RunRecord,
  { job, failed }: Pick<LogChoice, 'job' | 'failed'>,
): Outcome<readonly string[]> {
  const jobs = failed === true ? run.jobs.filter(isFailed) : run.jobs;
  const ids = jobs.map(({ id }) => id).filter((id) => identifierPattern.test(id));
  if (job === undefined) return ok(ids);
  if (ids.includes(job)) return ok([job]);
  const kind = failed === true ? 'failed job' : 'job';
  return fail('selection', `The run ${run.runId} has no ${kind} "${job}"`, {
    hint: ids.length === 0 ? `It has no ${kind}s.` : `It has ${ids.join(', ')}.`,
  });
}

function filesOfKind(
  job: { readonly id: string; readonly attempt: number | null },
  { hostLog, guestLog }: { readonly hostLog: string; readonly guestLog: string },
  { kind, stream }: LogChoice,
): LogFile[] {
  const name = job.attempt === null ? job.id : `${job.id} attempt ${job.attempt}`;
  const of = { jobId: job.id, attempt: job.attempt };
  const host = { ...of, title: `${name} host`, kind: 'host' as const, path: hostLog };
  const guestTitle = `${name} ${stream ?? 'guest'}`;
  const guest = { ...of, title: guestTitle, kind: 'guest' as const, path: guestLog };
  return [...(kind === 'guest' ? [] : [host]), ...(kind === 'host' ? [] : [guest])];
}

/** The log of a service of one job. Until that has ended its record does not name them, and any name may be one. */
function serviceFile(
  layout: RunLayout,
  run: RunRecord,
  { job: id }: LogChoice,
  service: string,
  attempt: number | null = null,
): Outcome<readonly LogFile[]> {
  const job = run.jobs.find((one) => one.id === id);
  if (job === undefined) {
    return fail('selection', '--service needs the job whose service it is', {
      hint: 'Name it with --job.',
    });
  }
  const names = job.services.map(({ name }) => name);
  const isKnown = job.status === 'running' || names.includes(service);
  if (!isKnown || !identifierPattern.test(service)) {
    return fail('selection', `Job "${job.id}" has no service "${service}"`, {
      hint: names.length === 0 ? 'It had no services.' : `It had ${names.join(', ')}.`,
    });
  }
  const own = jobLayout(layout, job.id);
  const isAside = attempt !== null && attempt !== job.attempt;
  const directory = isAside ? attemptLayout(own, attempt).attemptDir : own.jobDir;
  const { log } = serviceLayout(directory, service);
  const title = `${job.id} service ${service}`;
  return ok([{ title, jobId: job.id, attempt, kind: 'guest', path: log }]);
}

/** The logs of one attempt of one job: the last one's are the job's own. */
function attemptFiles(
  layout: RunLayout,
  run: RunRecord,
  choice: LogChoice,
  attempt: number,
): Outcome<readonly LogFile[]> {
  const job = run.jobs.find(({ id }) => id === choice.job);
  if (job === undefined) {
    return fail('selection', '--attempt needs the job whose attempt it is', {
      hint: 'Name it with --job.',
    });
  }
  const attempts = [...job.attempts.map((one) => one.attempt), job.attempt];
  if (!attempts.includes(attempt)) {
    return fail('selection', `Job "${job.id}" has no attempt ${attempt}`, {
      hint: `It has ${attempts.join(', ')}.`,
    });
  }
  if (choice.service !== undefined) {
    return serviceFile(layout, run, choice, choice.service, attempt);
  }
  const own = jobLayout(layout, job.id);
  const place = attempt === job.attempt ? own : attemptLayout(own, attempt);
  return ok(filesOfKind({ id: job.id, attempt }, place, choice));
}
