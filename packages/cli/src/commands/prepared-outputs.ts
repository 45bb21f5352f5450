import { exitCodes, fail } from '@pikaci/model';
import { formatPreparedOutputs } from '@pikaci/report';
import { createRunStore } from '@pikaci/store';
import { addJsonOption } from '../options/global-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import type { Session } from '../session.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

const examples = `
Examples:
  npx pikaci prepared-outputs latest --json | jq -r '.outputs[].realized_path'`;

/** `prepared-outputs`: the payloads of a run, for programs that read earlier records. */
export const registerPreparedOutputs: RegisterCommand = (program, runAction) => {
  const command = program
    .command('prepared-outputs')
    .argument(...runArgument)
    .description(
      'print the record of what a run prepared, as programs of old read it; see also "show"',
    )
    .addHelpText('after', examples);
  addJsonOption(command).action((reference: string, _, self: typeof command) =>
    runAction(self, (session) => preparedOutputs(session, reference)),
  );
};

async function preparedOutputs(session: Session, reference: string): Promise<number> {
  const store = createRunStore({ stateRoot: await findStateRoot(session) });
  const read = await store.read(reference);
  if (!read.ok) return finishWithFailure(session, read.error);
  const { runId } = read.value;
  const outputs = await store.readPreparedOutputs(runId);
  if (!outputs.ok) return finishWithFailure(session, outputs.error);
  if (outputs.value === null) {
    const missing = fail('selection', `The run ${runId} has no record of prepared outputs`, {
      reason: 'it ended before it was planned',
    });
    return finishWithFailure(session, missing.error);
  }
  if (session.isForPrograms) printJson(session, 'prepared-outputs', outputs.value);
  else printText(session, formatPreparedOutputs(runId, outputs.value));
  return exitCodes.passed;
}
