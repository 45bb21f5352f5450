import { InvalidArgumentError, Option, type Command } from 'commander';

/** Options that choose among the jobs of what was named. */
export interface SelectionOptions {
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly tag?: readonly string[];
  /** Values by axis. */
  readonly matrix?: Readonly<Record<string, readonly string[]>>;
  /** A run; true: the latest one. */
  readonly failed?: string | true;
  readonly from?: string;
}

/** Adds the options that choose among jobs. */
export function addSelectionOptions(command: Command): Command {
  return command
    .option(
      '--only <jobs>',
      'only these jobs and what they need: ids or globs, separated by commas, also given several times',
      list,
    )
    .option('--except <jobs>', 'not these jobs, nor what needs them', list)
    .option('--tag <tags>', 'only jobs with one of these tags, and what they need', list)
    .option(
      '--matrix <axis=value>',
      'of the jobs of matrices only those with this value; given several times for one axis, with any of them',
      slice,
    )
    .addOption(
      new Option(
        '--failed [run]',
        'only what failed or was not run in that run (default: latest); what passed is not run again',
      ).conflicts('from'),
    )
    .option(
      '--from <job>',
      'only this job and what needs it; what these need besides must have passed in some run',
    );
}

type Slices = Readonly<Record<string, readonly string[]>>;

function slice(text: string, earlier: Slices = {}): Slices {
  const [, axis, value] = /^([^=]+)=(.+)$/u.exec(text) ?? [];
  if (axis === undefined || value === undefined) {
    throw new InvalidArgumentError('It must be an axis and a value, such as node=24.');
  }
  return { ...earlier, [axis]: [...(earlier[axis] ?? []), value] };
}

/** Adds the words of one more value to those of earlier ones. */
function list(text: string, earlier: readonly string[] | undefined): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  return [...(earlier ?? []), ...words.filter((word) => word !== '')];
}
