import { Option, type Command } from 'commander';
import { durationSeconds } from './duration-seconds.js';

/** Options on what is kept of jobs that fail. */
export interface KeepOptions {
  readonly keep?: 'never' | 'on-failure';
  /** In seconds. */
  readonly keepFor?: number;
}

/** A day: who looks into a failure of the evening does so in the morning. */
const usualSeconds = 24 * 3600;

export function addKeepOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--keep <when>',
        'on-failure: keep the instance of a job that failed by itself, running, for `pikaci shell`; of a job that is a process nothing is kept',
      )
        .choices(['never', 'on-failure'])
        .default('never'),
    )
    .addOption(
      new Option(
        '--keep-for <duration>',
        'how long, such as 2h or 3d; then the next command removes it (default: 24h); with this, --keep is on-failure',
      )
        .argParser(durationSeconds)
        .implies({ keep: 'on-failure' }),
    );
}

/** For how long places of failed jobs are kept, in seconds; null: not at all. */
export function keepSecondsOf({ keep, keepFor = usualSeconds }: KeepOptions): number | null {
  return keep === 'on-failure' ? keepFor : null;
}
