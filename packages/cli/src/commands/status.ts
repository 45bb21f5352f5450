import type { RunRecord, RunStore } from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import { formatRunStatus, type RunStatus } from '@pikaci/report';
import { createRunStore, isOwnerGone, latestReference, systemOwnerProbe } from '@pikaci/store';
import type { Command } from 'commander';
import { addJsonOption } from '../options/global-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import type { Session } from '../session.js';
import { createStatusDisplay } from '../watch/status-display.js';
import { finishWatch, watchRun } from '../watch/watch-run.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

interface StatusOptions {
  readonly watch?: true;
}

/** `status`: how a run went, or goes. */
export const registerStatus: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('status')
    .argument('[run]', runArgument[1], latestReference)
    .description('show how a run went, or goes')
    .option(
      '--watch',
      'again whenever something changes, until the run has ended: drawn in place on a terminal, elsewhere a line for each change; with --output jsonl the record each time',
    )
    .addHelpText('after', examples);
  addJsonOption(command).action((reference: string, _, self: Command) =>
    runAction(self, (session) => status(session, reference, self.optsWithGlobals<StatusOptions>())),
  );
};

const examples = `
Examples:
  npx pikaci status                     how the latest run went
  npx pikaci status latest --watch      how it goes
  npx pikaci status --watch --json      the record, when the run has ended`;

/** Where a run is read from. */
interface Place {
  readonly stateRoot: string;
  readonly store: RunStore;
}

async function status(
  session: Session,
  reference: string,
  { watch }: StatusOptions,
): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const place = { stateRoot, store: createRunStore({ stateRoot }) };
  const read = await place.store.read(reference);
  if (!read.ok) return finishWithFailure(session, read.error);
  const record = read.value;
  if (watch === true) return watchStatus(session, place, record);
  if (session.isForPrograms) {
    printJson(session, 'run', record);
    return 0;
  }
  const abandoned = isOwnerGone(record, systemOwnerProbe());
  const shown = await statusOf(place, record, abandoned);
  printText(session, formatRunStatus(shown, session.style));
  return 0;
}

async function watchStatus(session: Session, place: Place, { runId }: RunRecord): Promise<number> {
  const display = createStatusDisplay(session);
  let watched;
  try {
    watched = await watchRun(session, {
      store: place.store,
      runId,
      look: async ({ record, end }) => {
        display.show(await statusOf(place, record, end === 'abandoned'));
        return { ok: true, value: undefined };
      },
    });
  } finally {
    display.close();
  }
  return watched.ok
    ? finishWatch(session, watched.value)
    : finishWithFailure(session, watched.error);
}

async function statusOf(
  { stateRoot, store }: Place,
  record: RunRecord,
  abandoned: boolean,
): Promise<RunStatus> {
  const prepared = await store.readPreparedOutputs(record.runId);
  return {
    record,
    abandoned,
    payloads: prepared.ok ? (prepared.value?.outputs ?? []) : [],
    recordPath: runLayout(stateRoot, record.runId).runFile,
  };
}
