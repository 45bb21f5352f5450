import { statSync } from 'node:fs';
import { exitCodes, failure, type Failure } from '@pikaci/model';
import { Command, CommanderError } from 'commander';
import { loadCommands } from './commands/all-commands.js';
import type { RunAction } from './commands/register-command.js';
import { helpText } from './help-text.js';
import type { CliIo } from './io.js';
import { addGlobalOptions, type GlobalOptions } from './options/global-options.js';
import { finishWithFailure } from './output/finish.js';
import { printInternalError } from './output/internal-error.js';
import { fitHelp } from './output/fit-help.js';
import { printJson } from './output/print.js';
import { packageVersion } from './package-version.js';
import { createSession } from './session.js';

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
    const session = createSession(io, command.optsWithGlobals<GlobalOptions>());
    const { cwd } = session.options;
    exitCode =
      cwd === undefined || isDirectory(session.cwd)
        ? await action(session)
        : finishWithFailure(session, noDirectory(session.cwd));
  };
  const program = createProgram(io);
  for (const register of await loadCommands(argv)) register(program, runAction);
  for (const command of program.commands) pointToHelp(command, 'pikaci');
  await program.parseAsync(isHelpOfNothing(program, argv) ? argv.slice(1) : argv, { from: 'user' });
  return exitCode;
}

/** `help` and a word that is no command: refused as the word alone is, instead of with all of the help. */
function isHelpOfNothing(program: Command, [first, word]: readonly string[]): boolean {
  if (first !== 'help' || word === undefined || word === 'help' || word.startsWith('-'))
    return false;
  return !program.commands.some((command) => command.name() === word);
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function noDirectory(path: string): Failure {
  return failure('config', `There is no directory ${path}`, {
    hint: 'Check the path after -C (--cwd).',
  });
}

function createProgram(io: CliIo): Command {
  const program = new Command('pikaci')
    .description('A CI executor for your own machines.')
    .version(packageVersion(), '--version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        io.stdout.write(io.stdoutIsTerminal ? fitHelp(text, io.columns()) : text);
      },
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
    printJson({ io, options: { output: format, color: false } }, 'error', { error: failed });
  }
  return exitCodes.usage;
}

/** Which program's format was asked for, told from arguments that could not be parsed. */
function wantedFormat(argv: readonly string[]): 'json' | 'jsonl' | null {
  const words = argv.flatMap((word) => word.split('='));
  if (words.includes('jsonl')) return 'jsonl';
  return words.includes('json') || words.includes('--json') ? 'json' : null;
}
