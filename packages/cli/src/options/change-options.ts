import { Option, type Command } from 'commander';

/** Options that say what changed; at most one of the first four is given. */
export interface ChangeOptions {
  /** What differs from a base that is found by itself. */
  readonly changed?: boolean;
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
        '--changed',
        'leave out targets whose paths match no file of this change; what it is based on is told by the CI service, and elsewhere is the default branch of origin',
      ).conflicts(['changedSince', 'changedFiles', 'all']),
    )
    .addOption(
      new Option(
        '--changed-since <rev>',
        'leave out targets whose paths match no file that changed since <rev> and HEAD parted, uncommitted and untracked ones included',
      ).conflicts(['changed', 'changedFiles', 'all']),
    )
    .addOption(
      new Option(
        '--changed-files <file>',
        'the same for the files listed in <file>, one path a line, relative to the workspace; - reads standard input',
      ).conflicts(['changed', 'changedSince', 'all']),
    )
    .addOption(
      new Option('--all', 'leave nothing out, whatever changed (the default)').conflicts([
        'changed',
        'changedSince',
        'changedFiles',
      ]),
    )
    .option('--fail-on-skip', 'end with exit code 4 when nothing is left to run')
    .addHelpText('after', (context) => examples(context.command.name()));
}

function examples(name: string): string {
  return `
Examples:
  npx pikaci ${name} --changed                    in GitHub, Forgejo or Gitea Actions, GitLab CI, Buildkite, Woodpecker, or at hand
  npx pikaci ${name} --changed-since origin/main
  git diff --name-only -z A B | npx pikaci ${name} --changed-files -`;
}
