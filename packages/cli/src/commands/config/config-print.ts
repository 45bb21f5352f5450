import { exitCodes } from '@pikaci/model';
import { formatSettings } from '@pikaci/report';
import { effectiveSettings } from '../../config-settings/effective-settings.js';
import { addJsonOption } from '../../options/global-options.js';
import { addIncusOptions, type RuntimeOptions } from '../../options/runtime-options.js';
import { finishWithFailure } from '../../output/finish.js';
import { printJson, printText } from '../../output/print.js';
import { configWith } from '../../planned-run.js';
import type { Session } from '../../session.js';
import { openWorkspace } from '../../workspace.js';
import type { RegisterCommand } from '../register-command.js';

const examples = `
Examples:
  npx pikaci config print                      every setting, its value, and who said so
  npx pikaci config print jobs.unit            one part of it
  npx pikaci config print --json | jq .config`;

/** `config print`: all that holds, and where each value comes from. */
export const registerConfigPrint: RegisterCommand = (group, runAction) => {
  const command = group
    .command('print')
    .argument('[path]', 'only what lies below, such as jobs.unit')
    .description('show each setting with its value, defaults included, and where it comes from')
    .addHelpText('after', examples);
  addJsonOption(addIncusOptions(command)).action(
    (path: string | undefined, _, self: typeof command) =>
      runAction(self, (session) => print(session, path, self.optsWithGlobals<RuntimeOptions>())),
  );
};

async function print(
  session: Session,
  path: string | undefined,
  options: RuntimeOptions,
): Promise<number> {
  const opened = await openWorkspace(session);
  if (!opened.ok) return finishWithFailure(session, opened.error);
  const config = configWith(opened.value.config, options, session);
  const settings = effectiveSettings(opened.value, config, options, path);
  if (!settings.ok) return finishWithFailure(session, settings.error);
  if (!session.isForPrograms) printText(session, formatSettings(settings.value, session.style));
  else {
    const origins = Object.fromEntries(settings.value.map(({ path, origin }) => [path, origin]));
    // As it is written in the file: keys are not those of records.
    printJson(session, 'config-print', { config, origins });
  }
  return exitCodes.passed;
}
