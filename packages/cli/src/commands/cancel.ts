import { formatTimestamp, type Outcome, type RunRecord } from '@pikaci/model';
import { createRunStore, isOwnerGone, systemOwnerProbe } from '@pikaci/store';
import type { RunStore } from '@pikaci/model';
import type { Command } from 'commander';
import { addJsonOption } from '../options/global-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import { recoverAndTell } from '../recovery/recover-and-tell.js';
import type { Session } from '../session.js';
import { checkJob, endWords, hasEnded, ownerGone } from '../watch/run-end.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

interface CancelOptions {
  readonly job?: string;
  readonly now?: boolean;
  /** False for `--no-wait`. */
  readonly wait: boolean;
}

/** Between two looks at a run that is to end. */
const pollMs = 200;

/** `cancel`: asks the process that owns a run to end it, or one job of it. */
export const registerCancel: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('cancel')
    .argument(...runArgument)
    .description('cancel a run that goes on in another terminal, or one job of it')
    .addHelpText(
      'after',
      '\nExamples:\n  npx pikaci cancel latest\n  npx pikaci cancel latest --job e2e',
    )
    .option('--job <id>', 'only this job; the run goes on with what does not need it')
    .option('--now', 'end at once what runs, without the grace of the jobs')
    .option('--no-wait', 'do not wait until it has ended');
  addJsonOption(command).action((reference: string, _, self: Command) =>
    runAction(self, (session) => cancel(session, reference, self.optsWithGlobals<CancelOptions>())),
  );
};

async function cancel(
  session: Session,
  reference: string,
  options: CancelOptions,
): Promise<number> {
  const stateRoot = await findStateRoot(session);
  // A run whose process is gone has nobody who could be asked: it is closed.
  await recoverAndTell(session, stateRoot);
  const store = createRunStore({ stateRoot });
  const ended = await askAndWait(session, store, reference, options);
  if (!ended.ok) return finishWithFailure(session, ended.error);
  if (session.isForPrograms) printJson(session, 'run', ended.value);
  return 0;
}

async function askAndWait(
  session: Session,
  store: RunStore,
  reference: string,
  options: CancelOptions,
): Promise<Outcome<RunRecord>> {
  const say = (text: string) => {
    if (!session.isForPrograms) printText(session, text);
  };
  const read = await store.read(reference);
  if (!read.ok) return read;
  const { runId } = read.value;
  const known = await checkJob(store, read.value, options.job);
  if (!known.ok) return known;
  if (hasEnded(read.value, options.job)) {
    say(`nothing to cancel: ${endWords(read.value, options.job)}`);
    return read;
  }
  if (isOwnerGone(read.value, systemOwnerProbe())) return ownerGone(read.value);
  const asked = await store.request(runId, {
    schemaVersion: 1,
    request: 'cancel',
    jobId: options.job ?? null,
    now: options.now === true,
    by: `pikaci cancel, process ${process.pid}`,
    requestedAt: formatTimestamp(session.io.clock.now()),
  });
  if (!asked.ok) return asked;
  say(`asked to cancel ${options.job === undefined ? '' : `job ${options.job} of `}run ${runId}`);
  if (!options.wait) return read;
  const ended = await waitForEnd(store, runId, options.job);
  if (ended.ok) say(endWords(ended.value, options.job));
  return ended;
}

/** Looks at the record again and again until what was asked for has ended, or nobody is there any more to end it. */
async function waitForEnd(
  store: RunStore,
  runId: string,
  jobId: string | undefined,
): Promise<Outcome<RunRecord>> {
  for (;;) {
    const read = await store.read(runId);
    if (!read.ok || hasEnded(read.value, jobId)) return read;
    if (isOwnerGone(read.value, systemOwnerProbe())) return ownerGone(read.value);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
