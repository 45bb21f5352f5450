import { statusSchema, type RunRecord, type Status } from '@pikaci/model';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { positiveInteger } from '../options/positive-integer.js';

/** Which runs are listed, and how. */
export interface ListOptions {
  readonly limit?: number;
  /** The earlier name of `limit`. */
  readonly runs?: number;
  readonly target?: string;
  readonly status?: readonly Status[];
  readonly format?: 'tsv';
}

/** Adds the options of `list`. */
export function addListOptions(command: Command): Command {
  return command
    .option(
      '--limit <n>',
      'how many runs to show (default: 10, and all with --format)',
      positiveInteger,
    )
    .addOption(new Option('--runs <n>').argParser(positiveInteger).hideHelp())
    .option('--target <id>', 'only runs of this target')
    .addOption(statusOption())
    .addOption(
      new Option(
        '--format <format>',
        'tsv: one line a run and nothing else: run id, status, target or first job, time of creation, with tabs between',
      ).choices(['tsv']),
    );
}

/** True for a run that the options do not leave out. */
export function isWanted({ target, status }: ListOptions, run: RunRecord): boolean {
  return (
    (target === undefined || run.targetId === target) &&
    (status === undefined || status.includes(run.status))
  );
}

/** Known values are listed in the help; several are one value to commander, so that it cannot check them itself. */
function statusOption(): Option {
  return new Option(
    '--status <status>',
    'only runs with this status; several with commas, or as options of their own',
  )
    .choices([...statusSchema.options])
    .argParser(addStatuses);
}

function addStatuses(text: string, before: readonly Status[] | undefined): readonly Status[] {
  const added = text.split(',').map((name) => {
    const known = statusSchema.safeParse(name);
    if (known.success) return known.data;
    throw new InvalidArgumentError(`Allowed choices are ${statusSchema.options.join(', ')}.`);
  });
  return [...(before ?? []), ...added];
}
