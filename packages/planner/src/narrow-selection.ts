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
}

/** A part of a selection. What `only` and `tags` leave are the jobs that have both; `except` has the last word. */
export function narrowSelection(
  config: PikaciConfig,
  selection: Selection,
  narrowing: Narrowing,
): Outcome<Selection> {
  const known = new Set(selection.jobIds);
  const unmatched = unmatchedPattern(selection, narrowing);
  if (unmatched !== null) return unmatched;
  const isOnly = matcher(narrowing.only);
  const isExcept = matcher(narrowing.except);
  const wanted = selection.jobIds.filter(
    (id) =>
      (narrowing.only.length === 0 || isOnly(id)) &&
      (narrowing.tags.length === 0 || hasTag(config, id, narrowing.tags)),
  );
  const withoutNeeds = new Set(selection.reused.map(({ jobId }) => jobId));
  const chosen = withNeeds(config, wanted, withoutNeeds).filter((id) => known.has(id));
  const dropped = withDependants(config, chosen.filter(isExcept), chosen);
  const jobIds = chosen.filter((id) => !dropped.has(id));
  return jobIds.length > 0 ? ok({ ...selection, jobIds }) : nothingLeft(config, selection);
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

function nothingLeft(config: PikaciConfig, { jobIds }: Selection): Outcome<never> {
  const tags = [...new Set(jobIds.flatMap((id) => config.jobs[id]?.tags ?? []))];
  return fail('selection', 'No job is left to run', {
    reason: `of ${jobIds.join(', ')}`,
    hint:
      tags.length > 0
        ? `They have the tags ${tags.join(', ')}.`
        : 'None of them has tags. Loosen --only, --except or --tag.',
  });
}
