import { formatRun } from '@pikaci/report';
import { createRunStore } from '@pikaci/store';
import type { Command } from 'commander';
import { addJsonOption } from '../options/global-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import type { Session } from '../session.js';
import { describeRun } from '../show/describe-run.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

/** `show`: everything about one run. */
export const registerShow: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('show')
    .argument(...runArgument)
    .description(
      'show all about a run on one screen: why it ended so, what it was on, payloads, jobs, records, what to do next',
    )
    .addHelpText(
      'after',
      `
Examples:
  npx pikaci show latest
  npx pikaci show latest-failed --json   the same facts as one JSON object`,
    );
  addJsonOption(command).action((reference: string, _, self: Command) =>
    runAction(self, (session) => show(session, reference)),
  );
};

async function show(session: Session, reference: string): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const read = await createRunStore({ stateRoot }).read(reference);
  if (!read.ok) return finishWithFailure(session, read.error);
  const shown = await describeRun(stateRoot, read.value);
  if (!session.isForPrograms) printText(session, formatRun(shown, session.style));
  else printJson(session, 'show', shown);
  return 0;
}
