import { toSnakeCaseKeys, type RunRecord } from '@pikaci/model';
import { neutraliseText } from '@pikaci/report';
import { createRunStore } from '@pikaci/store';
import { Option, type Command } from 'commander';
import { hasFailed } from '../logs/failed-jobs.js';
import { followLogs } from '../logs/follow-logs.js';
import { jobIdsOf, logFiles, logKinds, type LogChoice } from '../logs/log-files.js';
import { logsMetadata } from '../logs/logs-metadata.js';
import { printLogs } from '../logs/print-logs.js';
import { positiveInteger } from '../options/positive-integer.js';
import { finishWithFailure } from '../output/finish.js';
import { createLogPrinter } from '../output/log-printer.js';
import { printJson } from '../output/print.js';
import type { Session } from '../session.js';
import { hasEnded } from '../watch/run-end.js';
import { finishWatch } from '../watch/watch-run.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

interface LogsOptions extends LogChoice {
  readonly tail?: number;
  readonly follow?: true;
  readonly metadataJson?: true;
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
    .option('--service <name>', 'with --job: what this service of it printed, and nothing else')
    .option('--tail <n>', 'only the last lines of each log, so many', positiveInteger)
    .addOption(
      new Option(
        '--follow',
        'also what is appended, until the run, or the job of --job, has ended; Ctrl-C leaves the run alone',
      ).conflicts('attempt'),
    )
    .addOption(
      new Option('--kind <kind>', "host: pikaci's own lines; guest: what the command printed")
        .choices([...logKinds])
        .default('both'),
    )
    .addOption(
      new Option(
        '--metadata-json',
        'where the logs of all jobs, or of --job, are, and whether they are there; nothing of what they hold',
      ).conflicts(['attempt', 'tail', 'follow', 'service']),
    )
    .addHelpText('after', examples)
    .action((reference: string | undefined, _, self: Command) =>
      runAction(self, (session) => logs(session, reference, self.optsWithGlobals<LogsOptions>())),
    );
};

const examples = `
Examples:
  npx pikaci logs                                 what the failed jobs of the latest run printed
  npx pikaci logs latest --job unit --kind guest  what a job printed
  npx pikaci logs latest --job e2e --service db   what a service of a job printed
  npx pikaci logs latest-failed --tail 20         the ends of all logs
  npx pikaci logs latest --follow                 what a run in another terminal does`;

async function logs(
  session: Session,
  reference: string | undefined,
  options: LogsOptions,
): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const store = createRunStore({ stateRoot });
  const read = await store.read(reference ?? 'latest');
  if (!read.ok) return finishWithFailure(session, read.error);
  const run = read.value;
  if (options.metadataJson === true) return printMetadata(session, stateRoot, run, options);
  const tail = options.tail ?? null;
  if (options.follow === true && !hasEnded(run, options.job)) {
    const { runId } = run;
    const watched = await followLogs(session, { stateRoot, store, runId, choice: options, tail });
    return watched.ok
      ? finishWatch(session, watched.value)
      : finishWithFailure(session, watched.error);
  }
  const isOfFailed = reference === undefined && options.job === undefined && hasFailed(run);
  const failed = isOfFailed ? { failed: true as const } : {};
  const files = logFiles(stateRoot, run, { ...options, ...failed });
  if (!files.ok) return finishWithFailure(session, files.error);
  if (files.value.length === 0) session.io.stderr.write(`${whyNothing(run)}\n`);
  const printed = await printLogs(createLogPrinter(session), files.value, tail);
  return printed.ok ? 0 : finishWithFailure(session, printed.error);
}

async function printMetadata(
  session: Session,
  stateRoot: string,
  run: RunRecord,
  { job, failed }: LogsOptions,
): Promise<number> {
  const ids = jobIdsOf(run, {
    ...(job === undefined ? {} : { job }),
    ...(failed === undefined ? {} : { failed }),
  });
  if (!ids.ok) return finishWithFailure(session, ids.error);
  printJson(session, toSnakeCaseKeys(await logsMetadata(stateRoot, run, ids.value)));
  return 0;
}

/** Why a choice of logs is empty: nothing failed, or nothing was run. */
function whyNothing({ runId, jobs, message }: RunRecord): string {
  if (jobs.length > 0) return `no job of run ${runId} has failed`;
  return `run ${runId} has no jobs${message === null ? '' : `: ${neutraliseText(message)}`}`;
}
