import { fail, formatLocation, type Failure, type FailureLocation } from '@pikaci/model';
import type { ConfigIssue } from './config-issue.js';
import type { ConfigSource } from './source/config-source.js';
import { comparePositions, startOfFile, type SourcePlace } from './source/source-position.js';
import { sourceExcerpt } from './source-excerpt.js';

/** More problems than this are not told one by one: most of them tend to follow from the first ones. */
export const mostIssuesTold = 10;

/** An issue with its place in the file. */
export interface PlacedIssue {
  readonly issue: ConfigIssue;
  readonly position: SourcePlace;
}

/** A configuration file: its path, and what is in it. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/** The issues in the order of the file. */
export function placeIssues(
  issues: readonly ConfigIssue[],
  locate: ConfigSource['locate'] | null,
): readonly PlacedIssue[] {
  return issues
    .map((issue) => ({
      issue,
      position: issue.position ?? locate?.(issue.path, issue.part) ?? startOfFile,
    }))
    .sort((a, b) => comparePositions(a.position, b.position));
}

/**
 * One failure for all that is wrong with a file: the first problem is its message, the others are its reason, in words,
 * and stand beside it with their places.
 */
export function configFailure(
  { file, text }: ConfigText,
  placed: readonly PlacedIssue[],
): { readonly ok: false; readonly error: Failure } {
  const [first, ...others] = placed;
  const hint = first?.issue.hint;
  const reason = describeOthers(file, others);
  const listed = others.slice(0, mostIssuesTold - 1).map(({ issue, position }) => ({
    message: issue.message,
    location: { ...locationOf(file, position), ...sourceExcerpt(text, position) },
    hint: issue.hint ?? null,
  }));
  const unlisted = others.length - listed.length;
  const place = first?.position ?? startOfFile;
  return fail('config', first?.issue.message ?? 'the configuration is not valid', {
    location: { ...locationOf(file, place), ...sourceExcerpt(text, place) },
    ...(reason === null ? {} : { reason }),
    hint: hint ?? 'Correct the file and run the command again.',
    ...(listed.length === 0 ? {} : { moreProblems: { listed, unlisted } }),
  });
}

/** A place in a file, as failures have it. */
export function locationOf(file: string, { line, column }: SourcePlace): FailureLocation {
  return { file, line, column, nodeId: null, host: null, instance: null };
}

function describeOthers(file: string, others: readonly PlacedIssue[]): string | null {
  if (others.length === 0) return null;
  const told = others.slice(0, mostIssuesTold - 1);
  const rest = others.length - told.length;
  return [
    others.length === 1 ? '1 more problem:' : `${others.length} more problems:`,
    ...told.map(
      ({ issue, position }) =>
        `  ${formatLocation(locationOf(file, position)) ?? file}: ${issue.message}`,
    ),
    ...(rest > 0 ? [`  and ${rest} not listed here`] : []),
  ].join('\n');
}
