import { fail, identifierPattern, ok, type Outcome, type RunRecord } from '@pikaci/model';
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
  /** What this service of the job printed, and nothing else. */
  readonly service?: string;
}

/** One log file of one job. */
export interface LogFile {
  readonly title: string;
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
  return ok(ids.value.flatMap((id) => filesOfKind(id, jobLayout(layout, id), choice)));
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
  title: string,
  { hostLog, guestLog }: { readonly hostLog: string; readonly guestLog: string },
  { kind }: LogChoice,
): LogFile[] {
  return [
    ...(kind === 'guest' ? [] : [{ title: `${title} host`, path: hostLog }]),
    ...(kind === 'host' ? [] : [{ title: `${title} guest`, path: guestLog }]),
  ];
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
  return ok([{ title: `${job.id} service ${service}`, path: log }]);
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
  return ok(filesOfKind(`${job.id} attempt ${attempt}`, place, choice));
}
