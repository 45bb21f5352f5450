import { exitCodes } from '@pikaci/model';
import { formatExplanations } from '@pikaci/report';
import { explainPayloads } from '../../explain/explain-payloads.js';
import { addJsonOption } from '../../options/global-options.js';
import { addIncusOptions, type RuntimeOptions } from '../../options/runtime-options.js';
import { finishWithFailure } from '../../output/finish.js';
import { printJson, printText } from '../../output/print.js';
import { configWith } from '../../planned-run.js';
import type { Session } from '../../session.js';
import { openWorkspace } from '../../workspace.js';
import type { RegisterCommand } from '../register-command.js';

/** `payload explain`: whether a run would find a payload, and why not. Changes nothing. */
export const registerPayloadExplain: RegisterCommand = (group, runAction) => {
  const command = group
    .command('explain')
    .argument('<id>', 'a payload of the configuration')
    .description('say whether a run would find a payload and those it depends on, and why not')
    .addHelpText('after', '\nExample:\n  npx pikaci payload explain node-modules');
  addJsonOption(addIncusOptions(command)).action((id: string, _, self: typeof command) =>
    runAction(self, (session) => explain(session, id, self.optsWithGlobals<RuntimeOptions>())),
  );
};

async function explain(session: Session, id: string, options: RuntimeOptions): Promise<number> {
  const opened = await openWorkspace(session);
  if (!opened.ok) return finishWithFailure(session, opened.error);
  const workspace = { ...opened.value, config: configWith(opened.value.config, options, session) };
  const explained = await explainPayloads(session, workspace, [id]);
  if (!explained.ok) return finishWithFailure(session, explained.error);
  if (!session.isForPrograms)
    printText(session, formatExplanations(explained.value, session.style));
  else printJson(session, 'payload-explain', { payloads: explained.value });
  return exitCodes.passed;
}
