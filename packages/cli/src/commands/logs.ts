import { createReadStream } from 'node:fs';
import {
  fail,
  identifierPattern,
  ok,
  type JobRecord,
  type Outcome,
  type RunRecord,
} from '@pikaci/model';
import { attemptLayout, jobLayout, runLayout, type RunLayout } from '@pikaci/paths';
import { createRunStore } from '@pikaci/store';
import { Option, type Command } from 'commander';
import { positiveInteger } from '../options/positive-integer.js';
import { finishWithFailure } from '../output/finish.js';
import { createLogPrinter, type LogPrinter } from '../output/log-printer.js';
import type { Session } from '../session.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

const logKinds = ['host', 'guest', 'both'] as const;

interface LogsOptions {
  readonly job?: string;
  readonly attempt?: number;
  readonly failed?: true;
  readonly kind: (typeof logKinds)[number];
}

/** One log file of one job. */
interface LogFile {
  readonly title: string;
  readonly path: string;
}

/** `logs`: what pikaci and a run's jobs wrote. */
export const registerLogs: RegisterCommand = (program, runAction) => {
  program
    .command('logs')
    .argument(
      '[run]',
      `${runArgument[1]}; of the latest run those of failed jobs when none is named`,
    )
    .description(
      'print the logs of a run: raw bytes; made harmless on a terminal and in GitHub Actions and Azure Pipelines',
    )
    .option('--job <id>', 'only this job')
    .option('--failed', 'only jobs that failed')
    .option('--attempt <n>', 'with --job: an earlier attempt of it, from 1', positiveInteger)
    .addOption(
      new Option('--kind <kind>', "host: pikaci's own lines; guest: what the command printed")
        .choices([...logKinds])
        .default('both'),
    )
    .action((reference: string | undefined, _, self: Command) =>
      runAction(self, (session) => logs(session, reference, self.optsWithGlobals<LogsOptions>())),
    );
};

async function logs(
  session: Session,
  reference: string | undefined,
  options: LogsOptions,
): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const read = await createRunStore({ stateRoot }).read(reference ?? 'latest');
  if (!read.ok) return finishWithFailure(session, read.error);
  const isOfFailed = reference === undefined && options.job === undefined && hasFailed(read.value);
  const failed = isOfFailed ? { failed: true as const } : {};
  const files = logFiles(stateRoot, read.value, { ...options, ...failed });
  if (!files.ok) return finishWithFailure(session, files.error);
  const printer = createLogPrinter(session);
  for (const file of files.value) {
    if (files.value.length > 1) await printer.heading(file.title);
    const printed = await printFile(printer, file);
    if (!printed.ok) return finishWithFailure(session, printed.error);
  }
  return 0;
}

const isFailed = ({ status }: JobRecord) => status === 'failed';
const hasFailed = ({ jobs }: RunRecord) => jobs.some(isFailed);

/** Where the logs are follows from the state root, so that a record that was moved or tampered with leads nowhere else. */
function logFiles(stateRoot: string, run: RunRecord, options: LogsOptions): Outcome<LogFile[]> {
  const jobs = options.failed === true ? run.jobs.filter(isFailed) : run.jobs;
  const ids = jobs.map((job) => job.id).filter((id) => identifierPattern.test(id));
  if (options.job !== undefined && !ids.includes(options.job)) {
    const kind = options.failed === true ? 'failed job' : 'job';
    return fail('selection', `The run ${run.runId} has no ${kind} "${options.job}"`, {
      hint: ids.length === 0 ? `It has no ${kind}s.` : `It has ${ids.join(', ')}.`,
    });
  }
  const layout = runLayout(stateRoot, run.runId);
  if (options.attempt !== undefined) return attemptFiles(layout, run, options, options.attempt);
  const wanted = options.job === undefined ? ids : [options.job];
  return ok(wanted.flatMap((id) => filesOfKind(id, jobLayout(layout, id), options)));
}

function filesOfKind(
  title: string,
  { hostLog, guestLog }: { readonly hostLog: string; readonly guestLog: string },
  { kind }: LogsOptions,
): LogFile[] {
  return [
    ...(kind === 'guest' ? [] : [{ title: `${title} host`, path: hostLog }]),
    ...(kind === 'host' ? [] : [{ title: `${title} guest`, path: guestLog }]),
  ];
}

/** The logs of one attempt of one job: the last one's are the job's own. */
function attemptFiles(
  layout: RunLayout,
  run: RunRecord,
  options: LogsOptions,
  attempt: number,
): Outcome<LogFile[]> {
  const job = run.jobs.find(({ id }) => id === options.job);
  if (job === undefined) {
    return fail('selection', '--attempt needs the job whose attempt it is', {
      hint: 'Name it with --job.',
    });
  }
  const attempts = attemptsOf(job);
  if (!attempts.includes(attempt)) {
    return fail('selection', `Job "${job.id}" has no attempt ${attempt}`, {
      hint: `It has ${attempts.join(', ')}.`,
    });
  }
  const own = jobLayout(layout, job.id);
  const place = attempt === job.attempt ? own : attemptLayout(own, attempt);
  return ok(filesOfKind(`${job.id} attempt ${attempt}`, place, options));
}

const attemptsOf = (job: JobRecord) => [...job.attempts.map(({ attempt }) => attempt), job.attempt];

async function printFile(printer: LogPrinter, file: LogFile): Promise<Outcome<void>> {
  try {
    for await (const chunk of createReadStream(file.path)) await printer.bytes(chunk as Buffer);
    await printer.end();
    return ok(undefined);
  } catch (thrown) {
    // A job that never started has no logs.
    if (isMissing(thrown)) return ok(undefined);
    return fail('infrastructure', `The log of ${file.title} cannot be read`, {
      location: { file: file.path },
      reason: thrown instanceof Error ? thrown.message : String(thrown),
    });
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}
