import type { Command } from 'commander';
import type { CarryOutOptions } from '../carry-out.js';
import { addEndingOptions } from '../options/ending-options.js';
import { addKeepOptions } from '../options/keep-options.js';
import { addChangeOptions, type ChangeOptions } from '../options/change-options.js';
import { positiveInteger } from '../options/positive-integer.js';
import { addRuntimeOptions, type RuntimeOptions } from '../options/runtime-options.js';
import { addSelectionOptions, type SelectionOptions } from '../options/selection-options.js';
import { finishWithFailure } from '../output/finish.js';
import { planWithoutSnapshot } from '../planned-run.js';
import type { Session } from '../session.js';
import { startRun } from '../start-run.js';
import type { RegisterCommand } from './register-command.js';

interface RunOptions extends RuntimeOptions, ChangeOptions, SelectionOptions, CarryOutOptions {}

const environment = `
Environment:
  OTEL_EXPORTER_OTLP_ENDPOINT  where the run is exported to as an OpenTelemetry trace when it has ended,
                               such as http://localhost:4318; the other OTEL_EXPORTER_OTLP_*,
                               OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES hold as well
  OTEL_SDK_DISABLED            true: no trace
  TRACEPARENT                  the trace that the run is a part of; jobs get one of their own

Example:
  OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 npx pikaci run
`;

/** `run`: runs targets or jobs, and ends with the exit code that says how it went. */
export const registerRun: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('run')
    .argument('[names...]', 'targets or jobs; the default target when none is named')
    .description('run targets or jobs, and record everything');
  addKeepOptions(
    addEndingOptions(addSelectionOptions(addChangeOptions(addRuntimeOptions(command)))),
  )
    .option('--jobs <n>', 'how many jobs may run at once', positiveInteger)
    .addHelpText('after', environment)
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
  return startRun(session, planned.value, options);
}
