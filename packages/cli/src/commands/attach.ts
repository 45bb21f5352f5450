import {
  exitCodeForFailure,
  exitCodes,
  type Failure,
  type RunRecord,
  type RunStore,
} from '@pikaci/model';
import { createRunStore } from '@pikaci/store';
import type { Command } from 'commander';
import { followLogs } from '../logs/follow-logs.js';
import { LogNotes } from '../logs/log-notes.js';
import { rawView } from '../logs/log-view.js';
import { positiveInteger } from '../options/positive-integer.js';
import { finishWithFailure } from '../output/finish.js';
import { createLogPrinter } from '../output/log-printer.js';
import type { Session } from '../session.js';
import { endWords } from '../watch/run-end.js';
import { finishWatch } from '../watch/watch-run.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

interface AttachOptions {
  readonly job: string;
  readonly tail?: number;
}

/** `attach`: what a job prints while it runs, and its end as the exit code. */
export const registerAttach: RegisterCommand = (program, runAction) => {
  program
    .command('attach')
    .argument(...runArgument)
    .description(
      'follow what a job prints until it has ended; the exit code says how. Ctrl-C leaves the job alone',
    )
    .requiredOption('--job <id>', 'the job; one that has not begun yet is waited for')
    .option('--tail <n>', 'begin with the last lines, so many', positiveInteger)
    .addHelpText('after', examples)
    .action((reference: string, _, self: Command) =>
      runAction(self, (session) =>
        attach(session, reference, self.optsWithGlobals<AttachOptions>()),
      ),
    );
};

const examples = `
Examples:
  npx pikaci attach latest --job e2e              of a run in another terminal
  npx pikaci attach latest --job e2e --tail 20 && echo passed

Exit codes: those of a run that has this job alone; 130 also when attaching was interrupted.`;

async function attach(
  session: Session,
  reference: string,
  { job, tail }: AttachOptions,
): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const store = createRunStore({ stateRoot });
  const read = await store.read(reference);
  if (!read.ok) return finishWithFailure(session, read.error);
  const { runId } = read.value;
  const watched = await followLogs(session, {
    stateRoot,
    store,
    runId,
    choice: { job, kind: 'guest' },
    printer: createLogPrinter(session),
    view: rawView,
    notes: new LogNotes(rawView),
    tail: tail ?? null,
    outlivesReader: true,
  });
  if (!watched.ok) return finishWithoutJob(session, store, runId, watched.error);
  if (watched.value.end !== 'ended') return finishWatch(session, watched.value);
  return finishEnded(session, watched.value.record, job);
}

/** A run that ended before it had a plan knows no jobs: then its own end is the answer. */
async function finishWithoutJob(
  session: Session,
  store: RunStore,
  runId: string,
  failed: Failure,
): Promise<number> {
  const read = failed.kind === 'selection' ? await store.read(runId) : null;
  const isUnplanned =
    read?.ok === true && read.value.status === 'failed' && read.value.planPath === null;
  return isUnplanned
    ? finishEnded(session, read.value, undefined)
    : finishWithFailure(session, failed);
}

/** A job that was skipped did not pass; why is the run's matter. */
function finishEnded(session: Session, run: RunRecord, jobId: string | undefined): number {
  session.io.stderr.write(`${endWords(run, jobId)}\n`);
  const job = run.jobs.find(({ id }) => id === jobId);
  if (job?.status === 'passed') return exitCodes.passed;
  return exitCodeForFailure(job?.failureKind ?? run.failureKind ?? 'job');
}
