import { fail, identifierPattern, ok, type Outcome } from '@pikaci/model';

/** The word that stands for the newest run. */
export const latestReference = 'latest';
/** The word that stands for the newest run that failed, for whatever reason. */
export const latestFailedReference = 'latest-failed';

const mostIdsNamed = 5;

/**
 * The id that a user means by an id or a unique beginning of one. `ids` are those that exist, newest first. A
 * `selection` failure names the ids that could have been meant.
 */
export function resolveRunId(reference: string, ids: readonly string[]): Outcome<string> {
  if (!identifierPattern.test(reference)) {
    return fail('selection', `\`${printable(reference)}\` is not a run id`, {
      hint: `Give a run id, the beginning of one, \`${latestReference}\` or \`${latestFailedReference}\`.`,
    });
  }
  if (ids.includes(reference)) return ok(reference);
  const matching = ids.filter((id) => id.startsWith(reference));
  const [only, second] = matching;
  if (only === undefined) return unknownRun(reference, ids);
  if (second === undefined) return ok(only);
  return fail('selection', `\`${reference}\` is the beginning of ${matching.length} run ids`, {
    reason: `it could be ${nameIds(matching)}`,
    hint: 'Give more of the id.',
  });
}

/** The failure for a run that does not exist. */
export function unknownRun(reference: string, ids: readonly string[]): Outcome<never> {
  return fail('selection', `There is no run \`${reference}\``, {
    hint: ids.length === 0 ? noRunsHint : `The closest are ${nameIds(closest(reference, ids))}.`,
  });
}

/** The failure for `latest` where nothing was ever run. */
export function noRuns(stateRoot: string): Outcome<never> {
  return fail('selection', 'There is no run yet', {
    location: { file: stateRoot },
    hint: noRunsHint,
  });
}

/** The failure for `latest-failed` where no run has failed. */
export function noFailedRuns(stateRoot: string): Outcome<never> {
  return fail('selection', 'No run has failed', {
    location: { file: stateRoot },
    hint: `Give \`${latestReference}\`, or the id of a run.`,
  });
}

const noRunsHint =
  'Start a run with npx pikaci run. If there is one elsewhere, name its --state-root.';

/** Those that share the longest beginning with the reference; newest first among equals. */
function closest(reference: string, ids: readonly string[]): readonly string[] {
  const shared = new Map(ids.map((id) => [id, commonLength(reference, id)]));
  return [...ids].sort((a, b) => (shared.get(b) ?? 0) - (shared.get(a) ?? 0));
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

function nameIds(ids: readonly string[]): string {
  const named = ids.slice(0, mostIdsNamed).join(', ');
  return ids.length > mostIdsNamed ? `${named} and ${ids.length - mostIdsNamed} more` : named;
}

function printable(text: string): string {
  return JSON.stringify(text).slice(1, -1).slice(0, 100);
}
