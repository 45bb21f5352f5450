import { Option, type Command } from 'commander';
import { outputFormats, type OutputFormat } from '@pikaci/report';

/** Options that every command has. */
export interface GlobalOptions {
  readonly stateRoot?: string;
  readonly config?: string;
  readonly cwd?: string;
  readonly output: OutputFormat;
  /** Of commands that have `--json`. */
  readonly json?: boolean;
  readonly verbose?: boolean;
  /** False for `--no-color`. */
  readonly color: boolean;
  readonly debug?: boolean;
}

/** Adds the options that every command has. */
export function addGlobalOptions(program: Command): Command {
  return program
    .option(
      '--state-root <path>',
      'where records and caches are kept (env PIKACI_STATE_ROOT; default: .pikaci in the workspace)',
    )
    .option(
      '--config <path>',
      'the configuration file (default: pikaci.config.* here or in a parent directory)',
    )
    .option('-C, --cwd <dir>', 'work as if started in this directory')
    .addOption(
      new Option(
        '--output <format>',
        'how to report; quiet: failures and the end alone; github: for the log of GitHub Actions, with groups, annotations and a summary of the step',
      )
        .choices([...outputFormats])
        .default('human'),
    )
    .option('--verbose', 'also show what jobs and payload builds print')
    .option(
      '--no-color',
      'no colours and no live progress (as with the environment variable NO_COLOR)',
    )
    .option('--debug', 'show the stack of internal errors');
}

/** Adds `--json`, short for `--output json`. */
export function addJsonOption(command: Command): Command {
  return command.option('--json', 'the same as --output json');
}
