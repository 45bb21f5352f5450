import { planRecordCodec } from '@pikaci/model';
import { snapshotLayout } from '@pikaci/paths';
import { planRecord } from '@pikaci/planner';
import { formatPlan } from '@pikaci/report';
import { createSnapshotStore } from '@pikaci/snapshot';
import type { Command } from 'commander';
import { addJsonOption } from '../options/global-options.js';
import { addRuntimeOptions, type RuntimeOptions } from '../options/runtime-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import { planFor, planWithoutSnapshot } from '../planned-run.js';
import type { Session } from '../session.js';
import type { RegisterCommand } from './register-command.js';

/** `plan`: shows what `run` would do. Writes nothing; equal inputs give equal bytes. */
export const registerPlan: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('plan')
    .argument('[names...]', 'targets or jobs; the default target when none is named')
    .description('show what a run would do, without doing or writing anything');
  addJsonOption(addRuntimeOptions(command)).action((names: string[], _, self: Command) =>
    runAction(self, (session) => plan(session, names, self.optsWithGlobals<RuntimeOptions>())),
  );
};

async function plan(
  session: Session,
  names: readonly string[],
  options: RuntimeOptions,
): Promise<number> {
  const planned = await planWithoutSnapshot(session, names, options);
  if (!planned.ok) return finishWithFailure(session, planned.error);
  const { stateRoot, workspaceRoot } = planned.value.workspace;
  const identity = await createSnapshotStore({ stateRoot }).identify(workspaceRoot);
  if (!identity.ok) return finishWithFailure(session, identity.error);
  const { hash, sourceRoot } = identity.value;
  const dir = snapshotLayout(stateRoot, hash).treeDir;
  const made = planFor(planned.value, { dir, hash, sourceRoot });
  if (!made.ok) return finishWithFailure(session, made.error);
  if (session.options.output === 'human') printText(session, formatPlan(made.value, session.style));
  else printJson(session, planRecordCodec.encode(planRecord(made.value, { anonymous: true })));
  return 0;
}
