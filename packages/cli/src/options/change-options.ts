import { Option, type Command } from 'commander';

/** Options that say what changed; at most one of the first three is given. */
export interface ChangeOptions {
  /** A revision: what differs from where it and HEAD parted. */
  readonly changedSince?: string;
  /** A file that lists changed files, or `-` for standard input. */
  readonly changedFiles?: string;
  /** No filter, said aloud. */
  readonly all?: boolean;
  readonly failOnSkip?: boolean;
}

/** Adds the options that select targets by what changed. */
export function addChangeOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--changed-since <rev>',
        'leave out targets whose paths match no file that changed since <rev> and HEAD parted, uncommitted and untracked ones included',
      ).conflicts(['changedFiles', 'all']),
    )
    .addOption(
      new Option(
        '--changed-files <file>',
        'the same for the files listed in <file>, one path a line, relative to the workspace; - reads standard input',
      ).conflicts(['changedSince', 'all']),
    )
    .addOption(
      new Option('--all', 'leave nothing out, whatever changed (the default)').conflicts([
        'changedSince',
        'changedFiles',
      ]),
    )
    .option('--fail-on-skip', 'end with exit code 4 when nothing is left to run');
}
