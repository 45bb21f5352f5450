import { executeRun, recordSkippedRun } from '@pikaci/engine';
import { makeRunId } from '@pikaci/model';
import type { Command } from 'commander';
import { carryOut, type CarryOutOptions } from '../carry-out.js';
import { addEndingOptions } from '../options/ending-options.js';
import { addChangeOptions, type ChangeOptions } from '../options/change-options.js';
import { positiveInteger } from '../options/positive-integer.js';
import { addRuntimeOptions, type RuntimeOptions } from '../options/runtime-options.js';
import { printChangeFilter } from '../output/change-filter.js';
import { finishWithFailure } from '../output/finish.js';
import { planWithoutSnapshot } from '../planned-run.js';
import { recoverAndTell } from '../recovery/recover-and-tell.js';
import type { Session } from '../session.js';
import type { RegisterCommand } from './register-command.js';

interface RunOptions extends RuntimeOptions, ChangeOptions, CarryOutOptions {}

/** Bytes of chance in a run id. */
const runIdBytes = 4;

/** `run`: runs targets or jobs, and ends with the exit code that says how it went. */
export const registerRun: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('run')
    .argument('[names...]', 'targets or jobs; the default target when none is named')
    .description('run targets or jobs, and record everything');
  addEndingOptions(addChangeOptions(addRuntimeOptions(command)))
    .option('--jobs <n>', 'how many jobs may run at once', positiveInteger)
    .action((names: string[], _, self: Command) =>
      runAction(self, (session) => run(session, names, self.optsWithGlobals<RunOptions>())),
    );
};

async function run(
  session: Session,
  names: readonly string[],
  options: RunOptions,
): Promise<number> {
  const planned = await planWithoutSnapshot(session, names, options);
  if (!planned.ok) return finishWithFailure(session, planned.error);
  printChangeFilter(session, planned.value.filter);
  await recoverAndTell(session, planned.value.workspace.stateRoot);
  const { io } = session;
  const createdAt = io.clock.now();
  const runId = makeRunId(createdAt, io.randomBytes(runIdBytes));
  const { skipMessage } = planned.value.filter;
  return carryOut(session, {
    planned: planned.value,
    runId,
    createdAt,
    options,
    // A run of which nothing was selected is recorded, too: with what was asked, and why there was nothing to do.
    act: (request, ports) =>
      skipMessage === null
        ? executeRun(request, ports)
        : recordSkippedRun({ ...request, message: skipMessage }, ports),
  });
}
