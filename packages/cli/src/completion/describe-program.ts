import type { Argument, Command, Option } from 'commander';

/** An option as a shell completes it. */
export interface CompletedOption {
  /** As they are typed, such as `-C` and `--cwd`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** Values that it may have; empty when any will do. */
  readonly choices: readonly string[];
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  /** The names that lead to it, each after a `/`; empty for the program itself. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  /** Those of the commands above it as well. */
  readonly options: readonly CompletedOption[];
  /** Words that may stand for its arguments. */
  readonly words: readonly string[];
  readonly commands: readonly CompletedCommand[];
}

/** Words that may stand for a run. */
const runWords = ['latest', 'latest-failed'];

const help: CompletedOption = {
  flags: ['-h', '--help'],
  description: 'display help for command',
  takesValue: false,
  choices: [],
};

/** What can be typed, as the program itself knows it. Hidden options are left out. */
export function describeProgram(program: Command): CompletedCommand {
  return describeCommand(program, '', [help]);
}

/** A command and all below it. */
export function allCommands(command: CompletedCommand): readonly CompletedCommand[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

function describeCommand(
  command: Command,
  path: string,
  inherited: readonly CompletedOption[],
): CompletedCommand {
  const own = command.options.filter(({ hidden }) => !hidden).map(describeOption);
  const options = [...own, ...inherited];
  // The version is asked of the program alone.
  const passedOn = options.filter(({ flags }) => !flags.includes('--version'));
  return {
    path,
    name: command.name(),
    description: command.description(),
    options,
    words: command.registeredArguments.flatMap(wordsOf),
    commands: command.commands.map((one) =>
      describeCommand(one, `${path}/${one.name()}`, passedOn),
    ),
  };
}

function describeOption({
  short,
  long,
  description,
  required,
  optional,
  argChoices,
}: Option): CompletedOption {
  return {
    flags: [short, long].filter((flag) => typeof flag === 'string'),
    description,
    takesValue: required || optional,
    choices: argChoices ?? [],
  };
}

function wordsOf(argument: Argument): readonly string[] {
  if (argument.argChoices !== undefined) return argument.argChoices;
  return argument.name().split('|').includes('run') ? runWords : [];
}
