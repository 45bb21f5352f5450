import { Option, type Command } from 'commander';
import { durationSeconds } from './duration-seconds.js';

/** Options of what ends a run before everything was run. */
export interface EndingOptions {
  readonly failFast?: boolean;
  /** In seconds. */
  readonly timeout?: number;
}

export function addEndingOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--fail-fast',
        'after the first failure start nothing more, and cancel what runs; such jobs are no failures of their own',
      ).conflicts('keepGoing'),
    )
    .option('--keep-going', 'after a failure go on with what does not depend on it (the default)')
    .option(
      '--timeout <duration>',
      'most that the whole run may take, such as 90s, 15m or 2h; a number alone is seconds',
      durationSeconds,
    );
}
