import { readFileSync } from 'node:fs';
import { exitCodes, failure, toSnakeCaseKeys } from '@pikaci/model';
import { Command, CommanderError } from 'commander';
import { registerArtifacts } from './commands/artifacts.js';
import { registerAttach } from './commands/attach.js';
import { registerCancel } from './commands/cancel.js';
import { registerCompletion } from './commands/completion.js';
import { registerConfig } from './commands/config/config.js';
import { registerDoctor } from './commands/doctor.js';
import { registerGc } from './commands/gc.js';
import { registerInit } from './commands/init.js';
import { registerList } from './commands/list.js';
import { registerLogs } from './commands/logs.js';
import { registerPayload } from './commands/payload/payload.js';
import { registerPlan } from './commands/plan.js';
import { registerPreparedOutputs } from './commands/prepared-outputs.js';
import type { RunAction } from './commands/register-command.js';
import { registerReport } from './commands/report.js';
import { registerRerun } from './commands/rerun.js';
import { registerResume } from './commands/resume.js';
import { registerRun } from './commands/run.js';
import { registerShow } from './commands/show.js';
import { registerSnapshot } from './commands/snapshot/snapshot.js';
import { registerStatus } from './commands/status.js';
import { registerSweep } from './commands/sweep.js';
import { helpText } from './help-text.js';
import type { CliIo } from './io.js';
import { addGlobalOptions, type GlobalOptions } from './options/global-options.js';
import { printInternalError } from './output/internal-error.js';
import { printJson } from './output/print.js';
import { createSession } from './session.js';

/** Every command, in the order of the help. A new one is one file and one line here. */
const commands = [
  registerInit,
  registerRun,
  registerRerun,
  registerResume,
  registerPlan,
  registerList,
  registerStatus,
  registerShow,
  registerLogs,
  registerAttach,
  registerArtifacts,
  registerReport,
  registerPreparedOutputs,
  registerPayload,
  registerSnapshot,
  registerCancel,
  registerSweep,
  registerGc,
  registerConfig,
  registerDoctor,
  registerCompletion,
];

/** Runs the command line; returns the exit code. Never throws and never ends the process, but for a second Ctrl-C. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    return await parseAndRun(argv, io);
  } catch (thrown) {
    if (thrown instanceof CommanderError) return usageExit(thrown, argv, io);
    printInternalError(io, thrown, argv.includes('--debug'));
    return exitCodes.infrastructure;
  }
}

async function parseAndRun(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode: number = exitCodes.passed;
  const runAction: RunAction = async (command, action) => {
    exitCode = await action(createSession(io, command.optsWithGlobals<GlobalOptions>()));
  };
  const program = createProgram(io);
  for (const register of commands) register(program, runAction);
  for (const command of program.commands) pointToHelp(command, 'pikaci');
  await program.parseAsync(argv, { from: 'user' });
  return exitCode;
}

function createProgram(io: CliIo): Command {
  const program = new Command('pikaci')
    .description('A CI executor for your own machines.')
    .version(packageVersion(), '--version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: io.columns,
      getErrHelpWidth: io.columns,
    })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .showHelpAfterError('  next:  see npx pikaci --help')
    .addHelpText('after', helpText);
  return addGlobalOptions(program);
}

/** Wrong usage of a command leads to the help of that command, below which there may be others. */
function pointToHelp(command: Command, above: string): void {
  const path = `${above} ${command.name()}`;
  command.showHelpAfterError(`  next:  see npx ${path} --help`);
  for (const below of command.commands) pointToHelp(below, path);
}

/** Help and version are successes; everything else that the parser ends with is wrong usage, printed by it already. */
function usageExit(ended: CommanderError, argv: readonly string[], io: CliIo): number {
  if (ended.exitCode === 0) return exitCodes.passed;
  const format = wantedFormat(argv);
  if (format !== null) {
    const failed = failure('config', ended.message.replace(/^error: /u, ''), {
      hint: 'See npx pikaci --help.',
    });
    printJson(
      { io, options: { output: format, color: false } },
      { error: toSnakeCaseKeys(failed) },
    );
  }
  return exitCodes.usage;
}

/** Which program's format was asked for, told from arguments that could not be parsed. */
function wantedFormat(argv: readonly string[]): 'json' | 'jsonl' | null {
  const words = argv.flatMap((word) => word.split('='));
  if (words.includes('jsonl')) return 'jsonl';
  return words.includes('json') || words.includes('--json') ? 'json' : null;
}

function packageVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return version;
}
