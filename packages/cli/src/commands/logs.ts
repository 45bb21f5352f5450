import type { RunRecord } from '@pikaci/model';
import { createRunStore } from '@pikaci/store';
import { Option, type Command } from 'commander';
import { jobIdsOf, logKinds } from '../logs/log-files.js';
import { logStreams, wantedLogs, type LogsViewOptions } from '../logs/logs-options.js';
import { logsMetadata } from '../logs/logs-metadata.js';
import { showLogs } from '../logs/show-logs.js';
import { positiveInteger } from '../options/positive-integer.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson } from '../output/print.js';
import type { Session } from '../session.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

interface LogsOptions extends LogsViewOptions {
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
      new Option(
        '--kind <kind>',
        "host: pikaci's own lines; guest: what the command printed, both streams as they came (default: both)",
      ).choices([...logKinds]),
    )
    .addOption(
      new Option(
        '--stream <stream>',
        'only the bytes of one stream of the command; host: the same as --kind host',
      ).choices([...logStreams]),
    )
    .option('--timestamps', 'the time in UTC before each line; - where none was recorded')
    .addOption(
      new Option(
        '--metadata-json',
        'where the logs of all jobs, or of --job, are, and whether they are there; nothing of what they hold',
      ).conflicts(['attempt', 'tail', 'follow', 'service', 'stream', 'timestamps']),
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
  npx pikaci logs latest --job unit --stream stderr
  npx pikaci logs latest --job e2e --service db   what a service of a job printed
  npx pikaci logs latest-failed --tail 20         the ends of all logs
  npx pikaci logs latest --kind guest --timestamps
  npx pikaci logs latest --follow                 what a run in another terminal does`;

async function logs(
  session: Session,
  reference: string | undefined,
  options: LogsOptions,
): Promise<number> {
  const wanted = wantedLogs(options, session.options.output);
  if (!wanted.ok) return finishWithFailure(session, wanted.error);
  const stateRoot = await findStateRoot(session);
  const store = createRunStore({ stateRoot });
  const read = await store.read(reference ?? 'latest');
  if (!read.ok) return finishWithFailure(session, read.error);
  const run = read.value;
  if (options.metadataJson === true) return printMetadata(session, stateRoot, run, options);
  return showLogs(session, {
    ...wanted.value,
    ...{ stateRoot, store, run },
    isNamed: reference !== undefined,
    follow: options.follow === true,
    tail: options.tail ?? null,
  });
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
  printJson(session, 'logs-metadata', await logsMetadata(stateRoot, run, ids.value));
  return 0;
}
