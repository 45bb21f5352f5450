import { fail, ok, type Outcome, type PikaciConfig, type Selection } from '@pikaci/model';
import { lastMatch } from '@pikaci/paths';
import { withNeeds } from './select-jobs.js';

/** What is to be left of a selection; nothing is left out by an empty one. */
export interface Narrowing {
  /** Globs of job ids: only these, and what they need. */
  readonly only: readonly string[];
  /** Globs of job ids: not these, nor what needs them. */
  readonly except: readonly string[];
  /** Only jobs with one of these tags, and what they need. */
  readonly tags: readonly string[];
  /** Values by axis: of the jobs of a matrix only those with one of the values. */
  readonly matrix: Readonly<Record<string, readonly string[]>>;
}

/** A part of a selection. What `only` and `tags` leave are the jobs that have both; `except` has the last word. */
export function narrowSelection(
  config: PikaciConfig,
  selection: Selection,
  narrowing: Narrowing,
): Outcome<Selection> {
  const known = new Set(selection.jobIds);
  const unmatched =
    unmatchedPattern(selection, narrowing) ??
    unmatchedTag(config, selection, narrowing) ??
    unmatchedValue(config, selection, narrowing);
  if (unmatched !== null) return unmatched;
  const isOnly = matcher(narrowing.only);
  const isExcept = either(matcher(narrowing.except), outsideOf(config, narrowing.matrix));
  const wanted = selection.jobIds.filter(
    (id) =>
      (narrowing.only.length === 0 || isOnly(id)) &&
      (narrowing.tags.length === 0 || hasTag(config, id, narrowing.tags)),
  );
  const withoutNeeds = new Set(selection.reused.map(({ jobId }) => jobId));
  const chosen = withNeeds(config, wanted, withoutNeeds).filter((id) => known.has(id));
  const dropped = withDependants(config, chosen.filter(isExcept), chosen);
  const jobIds = chosen.filter((id) => !dropped.has(id));
  return jobIds.length > 0 ? ok({ ...selection, jobIds }) : nothingLeft(selection, narrowing);
}

/** Jobs, and those of a list that need one of them, directly or not. */
export function withDependants(
  config: PikaciConfig,
  roots: readonly string[],
  among: readonly string[],
): ReadonlySet<string> {
  const found = new Set(roots);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const id of among) {
      if (config.jobs[id]?.needs.some((needed) => found.has(needed)) === true) found.add(id);
    }
  }
  return found;
}

function hasTag(config: PikaciConfig, id: string, tags: readonly string[]): boolean {
  return config.jobs[id]?.tags.some((tag) => tags.includes(tag)) === true;
}

function either(
  one: (id: string) => boolean,
  other: (id: string) => boolean,
): (id: string) => boolean {
  return (id) => one(id) || other(id);
}

/** Whether a job has an axis that is asked for, and none of the values. */
function outsideOf(config: PikaciConfig, matrix: Narrowing['matrix']): (id: string) => boolean {
  const wanted = Object.entries(matrix);
  return (id) => {
    const values = config.matrixJobs?.[id]?.values ?? {};
    return wanted.some(([axis, some]) => {
      const value = values[axis];
      return value !== undefined && !some.includes(value);
    });
  };
}

/** Whether a job id matches one of some globs. */
function matcher(patterns: readonly string[]): (id: string) => boolean {
  const find = lastMatch(patterns);
  return (id) => find(id) !== undefined;
}

/** A pattern that matches nothing is a slip of the pen, and would leave out everything, or nothing, in silence. */
function unmatchedPattern(
  { jobIds }: Selection,
  { only, except }: Narrowing,
): Outcome<never> | null {
  for (const [option, patterns] of [
    ['--only', only],
    ['--except', except],
  ] as const) {
    for (const pattern of patterns) {
      if (jobIds.some(matcher([pattern]))) continue;
      return fail('selection', `No selected job matches ${option} ${pattern}`, {
        hint: `Selected are ${jobIds.join(', ')}.`,
      });
    }
  }
  return null;
}

/** The same for a tag. */
function unmatchedTag(
  config: PikaciConfig,
  { jobIds }: Selection,
  { tags }: Narrowing,
): Outcome<never> | null {
  const odd = tags.find((tag) => !jobIds.some((id) => hasTag(config, id, [tag])));
  if (odd === undefined) return null;
  const known = [...new Set(jobIds.flatMap((id) => config.jobs[id]?.tags ?? []))];
  return fail('selection', `No selected job has the tag ${odd}`, {
    hint: known.length > 0 ? `They have the tags ${known.join(', ')}.` : 'None of them has tags.',
  });
}

/** The same for an axis or a value that no job has. */
function unmatchedValue(
  config: PikaciConfig,
  { jobIds }: Selection,
  { matrix }: Narrowing,
): Outcome<never> | null {
  const made = jobIds.map((id) => config.matrixJobs?.[id]?.values ?? {});
  for (const [axis, values] of Object.entries(matrix)) {
    const known = [...new Set(made.flatMap((one) => one[axis] ?? []))];
    const odd = values.find((value) => !known.includes(value));
    if (odd === undefined) continue;
    const axes = [...new Set(made.flatMap((one) => Object.keys(one)))];
    return fail('selection', `No selected job is of a matrix with ${axis}=${odd}`, {
      hint:
        known.length > 0
          ? `${axis} is one of ${known.join(', ')}.`
          : `Axes: ${axes.join(', ') || 'none'}.`,
    });
  }
  return null;
}

/** Each option does match something, and nothing is left of all of them together. */
function nothingLeft({ jobIds }: Selection, narrowing: Narrowing): Outcome<never> {
  const { only, except, tags, matrix } = narrowing;
  const given = [
    ...(only.length > 0 ? ['--only'] : []),
    ...(except.length > 0 ? ['--except'] : []),
    ...(tags.length > 0 ? ['--tag'] : []),
    ...(Object.keys(matrix).length > 0 ? ['--matrix'] : []),
  ];
  return fail('selection', 'No job is left to run', {
    reason: `nothing of ${jobIds.join(', ')} stays with ${given.join(' and ')}`,
    hint: `Loosen ${given.join(' or ')}.`,
  });
}
